package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/nskernel/nskernel/kernel"
)

func newKernel() *cobra.Command {
	return &cobra.Command{
		Use:   "kernel CONNECTION_FILE",
		Short: "Serve a Jupyter front end (started by Jupyter)",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return serve(cmd.Context(), args[0])
		},
	}
}

func serve(ctx context.Context, name string) error {
	conn, err := kernel.ReadConnectionFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return misused(fmt.Errorf("connection file %s does not exist: Jupyter writes it when it starts a kernel", name))
	}
	if err != nil {
		return misused(err)
	}
	w, err := newWorkbench(captured)
	if err != nil {
		return failed(err)
	}
	defer w.Close()
	dir := stateDir()
	recordCrashes(dir)
	history := ""
	if dir != "" {
		history = filepath.Join(dir, "history") // one file for each session
	}
	err = kernel.Serve(ctx, kernel.Config{
		Connection:  conn,
		Interpreter: w.session,
		History:     history,
		Logger:      slog.New(slog.NewTextHandler(w.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Standalone:  true,
	})
	if err != nil {
		return failed(err)
	}
	// A given-up cell may still be inside a compiled call: do not wait for it.
	os.Exit(0)
	return nil
}

// stateDir is where history and crashes are kept between sessions, "" if there is no
// such place: the kernel works without.
func stateDir() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	dir = filepath.Join(dir, "nskernel")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	return dir
}

// recordCrashes makes a fatal error of the process leave its goroutine traces
// in a file, as the front end shows nothing of them.
func recordCrashes(dir string) {
	if dir == "" {
		return
	}
	f, err := os.OpenFile(filepath.Join(dir, "crash.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	// SetCrashOutput duplicates the descriptor.
	_ = debug.SetCrashOutput(f, debug.CrashOptions{})
	f.Close()
}
