package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the release; the changelog says what each one brought.
const version = "0.1.0"

// dependencies are the modules whose versions a bug report needs.
var dependencies = []string{
	"github.com/traefik/yaegi", "github.com/go-zeromq/zmq4", "gonum.org/v1/gonum", "gonum.org/v1/plot",
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of nskernel, Go and the libraries it is built on",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "nskernel %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return nil
			}
			for _, want := range dependencies {
				for _, d := range info.Deps {
					if d.Path == want {
						fmt.Fprintf(out, "%s %s\n", d.Path, d.Version)
					}
				}
			}
			for _, s := range info.Settings {
				if s.Key == "vcs.revision" {
					fmt.Fprintf(out, "commit %s\n", s.Value)
				}
			}
			return nil
		},
	}
}
