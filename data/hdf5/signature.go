package hdf5

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cascade-hpc/cascade/data/source"
)

const signature = "\x89HDF\r\n\x1a\n"

// checkSignature looks for the signature of HDF5 at byte 0, 512, 1024, 2048 and
// so on, where the format allows it (File Format Specification 3.0, II.A). It
// finds out before libhdf5 does, to say what the file is instead.
func checkSignature(path string) error {
	if err := source.CheckRegular(path); err != nil {
		return fmt.Errorf("hdf5: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("hdf5: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("hdf5: %w", err)
	}
	if info.Size() == 0 {
		return fmt.Errorf("hdf5: %s: %w: the file is empty", path, source.ErrFormat)
	}
	var head [512]byte
	n, err := io.ReadFull(file, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("hdf5: %s: %w", path, err)
	}
	if bytes.HasPrefix(head[:n], []byte(signature)) || signatureAfterUserBlock(file, info.Size()) {
		return nil
	}
	return fmt.Errorf("hdf5: %s: %w%s", path, source.ErrFormat, likeness(head[:n]))
}

func signatureAfterUserBlock(file io.ReaderAt, size int64) bool {
	var b [len(signature)]byte
	for at := int64(512); at < size && at > 0; at *= 2 {
		if _, err := file.ReadAt(b[:], at); err == nil && string(b[:]) == signature {
			return true
		}
	}
	return false
}

// likeness names what people hand over by mistake.
func likeness(head []byte) string {
	for _, k := range []struct{ prefix, what string }{
		{"version https://git-lfs", "a Git LFS pointer: run git lfs pull"},
		{"\x1f\x8b", "a gzip archive: unpack it first"},
		{"PK\x03\x04", "a zip archive: unpack it first"},
		{"CDF", "a NetCDF file of the classic format"},
		{"\x93NUMPY", "a NumPy array"},
		{"root", "a ROOT file"},
		{"<", "a web page: the download failed"},
	} {
		if bytes.HasPrefix(head, []byte(k.prefix)) {
			return " but " + k.what
		}
	}
	return fmt.Sprintf(": it starts with %q", head[:min(len(head), 16)])
}
