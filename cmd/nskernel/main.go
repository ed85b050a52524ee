// Command nskernel is a Jupyter kernel in Go for the analysis of animals that
// move through space. It also runs notebooks and a prompt without Jupyter.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// Exit statuses: 1 when the work failed (a cell, the kernel), 2 when the
// command line was wrong.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() { os.Exit(run(os.Args[1:])) }

// run executes the command line and returns the exit status.
func run(args []string) int {
	root := newRoot()
	root.SetArgs(args)
	err := root.Execute()
	if err == nil {
		return 0
	}
	var f *failure
	if errors.As(err, &f) {
		if f.err != nil {
			fmt.Fprintln(os.Stderr, "nskernel:", f.err)
		}
		return f.status
	}
	// What cobra itself refuses: unknown commands and flags, missing arguments.
	line, _, _ := strings.Cut(err.Error(), "\n")
	fmt.Fprintf(os.Stderr, "nskernel: %s (see nskernel --help)\n", line)
	return exitUsage
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "nskernel",
		Short:         "A Jupyter kernel in Go for animals that move through space",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.AddCommand(newKernel(), newRun(), newREPL(), newInstall(), newUninstall(), newVersion())
	return root
}

// failure is an error of the work itself, after the command line was accepted.
type failure struct {
	status int
	err    error // printed in one line; nil if it has been shown already
}

// Error returns the message, empty if it has been shown.
func (f *failure) Error() string {
	if f.err == nil {
		return ""
	}
	return f.err.Error()
}

// Unwrap returns the cause.
func (f *failure) Unwrap() error { return f.err }

// failed reports err with exit status 1; nil stays nil.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return &failure{exitFailed, err}
}

// misused reports err with exit status 2.
func misused(err error) error { return &failure{exitUsage, err} }
