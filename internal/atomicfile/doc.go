// Package atomicfile writes files that are whole or not there.
//
// A checkpoint that a full disk or a killed job cuts short must not destroy the
// checkpoint before it. So nothing is written under a file's own name: bytes go
// to a temporary file in the same directory, are synced to disk, and the
// temporary is renamed, which the file system does in one step. Until then, and
// after any error, the name keeps what it had.
//
//	err := atomicfile.Write("run/model.safetensors", func(w io.Writer) error {
//		return model.Save(w)
//	})
//
// [Write] suits what fits one function and [File] what does not. Libraries that
// open files themselves, such as HDF5, write to a name from [Temp] and hand it
// to [Publish].
//
// Temporaries are called ".NAME.tmp-RANDOM". One is left behind only where a
// process dies in the middle; it is never read and may be deleted.
package atomicfile
