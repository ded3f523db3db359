package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// storage is how rows are to be stored: flags of convert and repack.
type storage struct {
	gzip, zstd, chunkRows int
	shuffle               bool
}

// flags adds the flags of storage.
func (s *storage) flags(fs *cli.FlagSet) {
	fs.IntVar(&s.chunkRows, "chunk-rows", 0, "`N` rows in a block; 0 chooses blocks of about a mebibyte")
	fs.IntVar(&s.gzip, "gzip", 0, "gzip `LEVEL` of HDF5, 1 to 9; 0 does not compress")
	fs.BoolVar(&s.shuffle, "shuffle", false, "HDF5's shuffle filter before gzip; not for showers")
	fs.IntVar(&s.zstd, "zstd", 0, "Zstandard `LEVEL` of a shard, 1 to 22; 0 does not compress")
}

// writer is what both formats are written with.
type writer interface {
	AppendColumns(*source.Columns) error
	SetAttr(name string, value any) error
	SetFieldAttr(field, name string, value any) error
	Close() error
}

// output is a file that is being written.
type output struct {
	writer
	abort func() // does nothing after Close
}

// isShardName says which of the formats a file to be written is called as.
func isShardName(path string) (bool, error) {
	switch filepath.Ext(path) {
	case ".shard":
		return true, nil
	case ".h5", ".hdf5":
		return false, nil
	}
	return false, fmt.Errorf("%w: %s: the file to write must end in .h5, .hdf5 or .shard", cli.ErrUsage, path)
}

// check finds flags that the format of path has no use for.
func (s storage) check(path string) error {
	isShard, err := isShardName(path)
	switch {
	case err != nil:
		return err
	case isShard && (s.gzip != 0 || s.shuffle):
		return fmt.Errorf("%w: --gzip and --shuffle are of HDF5; a shard has --zstd", cli.ErrUsage)
	case !isShard && s.zstd != 0:
		return fmt.Errorf("%w: --zstd is of shards; HDF5 has --gzip", cli.ErrUsage)
	case s.shuffle && s.gzip == 0:
		return fmt.Errorf("%w: --shuffle is of use with --gzip only", cli.ErrUsage)
	}
	return nil
}

// create begins a file of the fields.
func (s storage) create(path string, fields []source.Field) (output, error) {
	isShard, err := isShardName(path)
	if err != nil {
		return output{}, err
	}
	if isShard {
		w, err := shard.Options{BlockRows: s.chunkRows, Zstd: s.zstd}.Create(path, fields...)
		if err != nil {
			return output{}, usageIfRange(err)
		}
		return output{w, w.Abort}, nil
	}
	w, err := hdf5.Options{ChunkRows: s.chunkRows, Gzip: s.gzip, Shuffle: s.shuffle}.Create(path, fields...)
	if err != nil {
		return output{}, usageIfRange(err)
	}
	return output{w, func() { _ = w.Abort() }}, nil
}

// usageIfRange makes an option that is out of range a mistake in the arguments.
func usageIfRange(err error) error {
	if errors.Is(err, source.ErrRange) {
		return fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	return err
}
