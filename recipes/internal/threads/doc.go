// Package threads is the flag --threads, which all recipes have.
//
//	fs := cli.Flags("recipe train", "")
//	n := threads.Flag(fs)
//	if err := fs.ParseFlags(out, args); err != nil {
//		return err
//	}
//	workers, err := threads.Use(*n)
package threads
