package ir

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Site is a place in the user's program: the return addresses of the calls that
// led to a node, innermost first. They are resolved only when a message is
// written, so that declaring a network stays cheap.
type Site struct{ pcs []uintptr }

// depth bounds the frames kept of a call: the library's own and the helper
// functions of a network are rarely more than ten.
const depth = 24

// Caller records the calls above the one that calls it.
func Caller() Site {
	pcs := make([]uintptr, depth)
	return Site{pcs[:runtime.Callers(2, pcs)]}
}

// library are the packages whose frames are ours and not the user's.
var library = []string{
	"github.com/cascade-hpc/cascade/nn.",
	"github.com/cascade-hpc/cascade/nn/conv3d.",
	"github.com/cascade-hpc/cascade/nn/internal/",
}

// frames are the user's frames, innermost first.
func (s Site) frames() []runtime.Frame {
	var out []runtime.Frame
	it := runtime.CallersFrames(s.pcs)
	for {
		f, more := it.Next()
		if f.Function != "" && !ours(f.Function) {
			out = append(out, f)
		}
		if !more {
			return out
		}
	}
}

func ours(function string) bool {
	for _, p := range library {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "testing.")
}

// Line is the innermost place of the user's program, as main.go:41.
func (s Site) Line() string {
	if f := s.frames(); len(f) > 0 {
		return at(f[0])
	}
	return "unknown place"
}

// BuiltFrom are the calls around that place, innermost first.
func (s Site) BuiltFrom() []string {
	var out []string
	for i, f := range s.frames() {
		if i > 0 {
			out = append(out, fmt.Sprintf("%s (%s)", at(f), short(f.Function)))
		}
	}
	return out
}

// at writes a frame's place relative to the working directory when it lies below.
func at(f runtime.Frame) string {
	file := f.File
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, file); err == nil && !strings.HasPrefix(rel, "..") {
			file = rel
		}
	}
	return fmt.Sprintf("%s:%d", file, f.Line)
}

// short drops the path of a function's package.
func short(function string) string { return function[strings.LastIndexByte(function, '/')+1:] }
