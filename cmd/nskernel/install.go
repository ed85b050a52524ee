package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nskernel/nskernel/install"
)

// location adds the flags that say where a kernel specification lives.
func location(cmd *cobra.Command) *install.Options {
	var o install.Options
	f := cmd.Flags()
	f.BoolVar(&o.User, "user", false, "for the current user (the default)")
	f.BoolVar(&o.SysPrefix, "sys-prefix", false, "in the active Python or conda environment")
	f.StringVar(&o.Prefix, "prefix", "", "in `DIR`/share/jupyter")
	f.StringVar(&o.Name, "name", "nskernel", "name of the kernel specification")
	cmd.MarkFlagsMutuallyExclusive("user", "sys-prefix", "prefix")
	return &o
}

func newInstall() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Make the kernel known to Jupyter",
		Args:  cobra.NoArgs,
	}
	o := location(cmd)
	cmd.Flags().StringVar(&o.DisplayName, "display-name", "", "name that Jupyter shows")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		dir, err := install.Install(*o)
		if err != nil {
			return failed(err)
		}
		fmt.Fprintln(cmd.OutOrStdout(), "installed", dir)
		return nil
	}
	return cmd
}

func newUninstall() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove what install wrote",
		Args:  cobra.NoArgs,
	}
	o := location(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		dir, err := install.Uninstall(*o)
		if err != nil {
			return failed(err)
		}
		fmt.Fprintln(cmd.OutOrStdout(), "removed", dir)
		return nil
	}
	return cmd
}
