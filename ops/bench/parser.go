package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

// errHelp is returned where help is asked for.
var errHelp = errors.New("help")

// plan is what the arguments and batch files ask for.
type plan struct {
	problems     []problem
	csv, summary bool
}

// problem is one primitive to test.
type problem struct {
	job
	settings
	name  string
	title string // what is computed
	repro string // the arguments that make this problem alone
	// unimplemented is why there is no primitive for it, nil where there is one.
	unimplemented error
}

// settings are the options of all drivers, those that stay when the driver changes.
type settings struct {
	driver  *driver
	threads int // 0 is as many as the default pool has
	check   bool
	time    bool
	limit   limit
	match   *regexp.Regexp
	skip    []string // parts of names of implementations
}

// limit says when a measurement is over.
type limit struct {
	budget time.Duration
	times  int // executions, 0 for as many as the budget has time for
}

// parser reads words from the first to the last; what it knows applies to the words
// to come.
type parser struct {
	plan
	settings
	values map[string][]string // of the driver's options
	where  string              // file and line, "" for an argument
	open   []string            // batch files that are being read
}

func read(args []string) (plan, error) {
	p := parser{settings: settings{time: true, limit: limit{budget: 400 * time.Millisecond}}}
	for _, a := range args {
		if err := p.word(a); err != nil {
			return plan{}, err
		}
	}
	if len(p.problems) == 0 {
		return plan{}, errors.New("no problem descriptor in the arguments, nor one that --match lets through; --help lists the options")
	}
	return p.plan, nil
}

// word reads an option or a descriptor.
func (p *parser) word(text string) error {
	var err error
	if strings.HasPrefix(text, "-") {
		err = p.option(text)
	} else {
		err = p.descriptor(text)
	}
	if err != nil && p.where != "" {
		return fmt.Errorf("%s: %w", p.where, err)
	}
	return err
}

func (p *parser) option(text string) error {
	name, value, has := strings.Cut(strings.TrimPrefix(text, "--"), "=")
	if d := findDriver(name); d != nil && !has {
		p.driver, p.values = d, map[string][]string{}
		return nil
	}
	for _, o := range common {
		if o.name == name {
			if has != (o.value != "") {
				return fmt.Errorf("option %s: it is written --%s%s", text, o.name, o.value)
			}
			err := o.set(p, value)
			if err != nil && !errors.Is(err, errHelp) {
				return fmt.Errorf("option %s: %w", text, err)
			}
			return err
		}
	}
	if p.driver == nil {
		return fmt.Errorf("option %s: no such option of all drivers, and no driver comes before it; --help lists both", text)
	}
	c := p.driver.find(name)
	if c == nil {
		return fmt.Errorf("option %s: the driver --%s has no such option; --help lists them", text, p.driver.name)
	}
	list := strings.Split(strings.Trim(value, `"'`), ",")
	for _, v := range list {
		if err := c.check(v); err != nil {
			return fmt.Errorf("option %s: value %q: %w", text, v, err)
		}
	}
	p.values[name] = list
	return nil
}

// descriptor adds a problem for each combination of the options.
func (p *parser) descriptor(text string) error {
	text = strings.Trim(text, "'")
	if p.driver == nil {
		return fmt.Errorf("descriptor %s: no driver comes before it; --help lists them", text)
	}
	if p.match != nil && !p.match.MatchString(text) {
		return nil
	}
	for _, v := range p.driver.variants(p.values) {
		j, name, err := p.driver.build(v, text)
		if err == nil {
			// Tried here, and not after minutes of other problems.
			if _, refused := j.make(); refused != nil {
				err = fmt.Errorf("%w: %w", desc.ErrUnimplemented, refused)
			}
		}
		if err != nil && !errors.Is(err, desc.ErrUnimplemented) {
			return fmt.Errorf("%s %w", p.driver.options(v), err)
		}
		if name == "" {
			name = text
		}
		p.problems = append(p.problems, problem{
			job: j, settings: p.settings, name: name, title: p.driver.title(v), repro: p.reproduce(v, text),
			unimplemented: err,
		})
	}
	return nil
}

func (p *parser) reproduce(v variant, text string) string {
	s := p.driver.options(v)
	if p.threads > 0 {
		s += " --threads=" + strconv.Itoa(p.threads)
	}
	return fmt.Sprintf("%s '%s'", s, text)
}
