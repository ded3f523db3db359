package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// shapes are batch files that --batch finds by their names wherever it runs.
//
//go:embed testdata/shapes_*
var shapes embed.FS

// builtin are the names of the shapes.
func builtin() []string {
	var names []string
	entries, _ := shapes.ReadDir("testdata") // it is there, or the program would not compile
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// batch reads a file of options and descriptors as if they stood in its place. As in
// benchdnn, a file may name others, looked for first where it lies itself.
func (p *parser) batch(name string) error {
	name = strings.Trim(name, `"'`)
	path, text, err := p.find(name)
	if err != nil {
		return err
	}
	if slices.Contains(p.open, path) {
		return fmt.Errorf("the file is inside itself: %s", strings.Join(append(p.open, path), " > "))
	}
	where := p.where
	defer func() { p.where, p.open = where, p.open[:len(p.open)-1] }()
	p.open = append(p.open, path)
	for i, line := range joinLines(string(text)) {
		p.where = fmt.Sprintf("%s:%d", path, i+1)
		words, err := splitLine(line)
		if err != nil {
			return fmt.Errorf("%s: %w", p.where, err)
		}
		for _, w := range words {
			if err := p.word(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// find is the file's path and what is in it.
func (p *parser) find(name string) (path string, text []byte, err error) {
	paths := []string{name}
	if n := len(p.open); n > 0 && !filepath.IsAbs(name) {
		paths = []string{filepath.Join(filepath.Dir(p.open[n-1]), name), name}
	}
	for _, path := range paths {
		text, err = os.ReadFile(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return path, text, err
		}
	}
	if text, err := shapes.ReadFile("testdata/" + name); err == nil {
		return name, text, nil
	}
	return "", nil, fmt.Errorf("there is no file %s, nor one of this name built in (%s)", strings.Join(paths, " or "), strings.Join(builtin(), ", "))
}

// joinLines are the lines of a text. One that ends with a backslash goes on, without
// the blanks around the end of it, in the next; that is then empty, so that the number
// of a line stays.
func joinLines(text string) []string {
	lines := strings.Split(text, "\n")
	for i, first := 0, 0; i < len(lines); i++ {
		if first < i {
			lines[first] += strings.TrimLeft(lines[i], " \t")
			lines[i] = ""
		}
		rest, more := strings.CutSuffix(strings.TrimRight(lines[first], " \t\r"), "\\")
		if more && !strings.HasPrefix(strings.TrimLeft(rest, " \t"), "#") {
			lines[first] = strings.TrimRight(rest, " \t")
		} else {
			first = i + 1
		}
	}
	return lines
}

// splitLine is the words of a line of a batch file: what spaces separate outside
// quotes, up to a word that starts with #.
func splitLine(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, c := range line {
		switch {
		case quote != 0:
			word.WriteRune(c)
			if c == quote {
				quote = 0
			}
		case c == '#' && word.Len() == 0:
			return words, nil
		case c == ' ' || c == '\t' || c == '\r':
			end()
		default:
			if c == '"' || c == '\'' {
				quote = c
			}
			word.WriteRune(c)
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is opened and not closed", quote)
	}
	end()
	return words, nil
}
