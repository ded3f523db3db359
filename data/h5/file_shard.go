package main

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
)

func inspectShard(path string) (*file, error) {
	f, err := shard.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	out := &file{path: path, format: "shard", bytes: info.Size(), attrs: attrsOf(f.Attributes())}
	for _, field := range f.Fields() {
		storage, err := f.Storage(field.Name)
		if err != nil {
			return nil, err
		}
		out.sets = append(out.sets, set{
			name: field.Name, typeName: field.Kind.String(), kind: field.Kind, shape: append([]int{f.Rows()}, field.Shape...),
			stored: storage.Stored, blocks: shardBlocks(field, storage), checked: "CRC-32C", attrs: attrsOf(f.FieldAttributes(field.Name)),
		})
	}
	return out, nil
}

func shardBlocks(field source.Field, s shard.Storage) blocks {
	b := blocks{rows: s.BlockRows, across: 1, bytes: int64(s.BlockRows * field.RowBytes())}
	if s.Compressed > 0 {
		b.filters = append(b.filters, "zstd")
	}
	if s.Compressed > 0 && s.Compressed < s.Blocks {
		b.filters[0] = fmt.Sprintf("zstd (%d of %d blocks)", s.Compressed, s.Blocks)
	}
	b.filters = append(b.filters, "CRC-32C")
	return b
}

func attrsOf(values map[string]any) []attr {
	var out []attr
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out = append(out, attr{name: name, value: values[name]})
	}
	return out
}
