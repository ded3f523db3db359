// Package ranks runs the training of a recipe on the ranks that it was launched on, or on
// several in one process, and keeps them together where one of them fails.
//
//	var flags ranks.Flags
//	ranks.Flag(fs, &flags) // --ranks, --threads, --bf16 and --sync-batchnorm
//	…
//	err := flags.Run(func(r *ranks.Rank) error {
//		feed, err := open(r.Comm.Rank(), r.Comm.Size())
//		if err = ranks.Agree(r.Comm, err); err != nil {
//			return err
//		}
//		…
//		return loop.Run(ctx)
//	})
package ranks
