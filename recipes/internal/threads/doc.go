// Package threads is the flag --threads of every command of the recipes that runs a network.
//
//	fs := cli.Flags("recipe train", "")
//	n := threads.Flag(fs)
//	if err := fs.ParseFlags(out, args); err != nil {
//		return err
//	}
//	workers, err := threads.Use(*n)
package threads
