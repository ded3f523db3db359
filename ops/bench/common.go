package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// commonOption is an option that every driver has.
type commonOption struct {
	name, value, help string // value is "" where it takes none
	set               func(p *parser, value string) error
}

var common []commonOption

// common refers to the batch reader, which refers back to it.
func init() {
	common = []commonOption{
		{"mode", "=P|C|CP", "time (P, the default), check (C) or both", (*parser).setMode},
		{"batch", "=FILE", "read options and descriptors from a file, or one of those built in: " + strings.Join(builtin(), ", "), (*parser).batch},
		{"threads", "=N", "workers; 0, the default, is as many as CASCADE_NUM_THREADS or Go says", (*parser).setThreads},
		{"match", "=REGEX", "leave out descriptors in which the expression is not found", (*parser).setMatch},
		{"skip-impl", "=NAME,...", "leave out implementations with one of these in their name", (*parser).setSkip},
		{"max-ms-per-prb", "=MS", "time each problem for as long (400)", (*parser).setBudget},
		{"fix-times-per-prb", "=N", "execute each problem as often instead, if N is not 0", (*parser).setTimes},
		{"reset", "", "forget the options of the driver", func(p *parser, _ string) error { clear(p.values); return nil }},
		{"csv", "", "print comma-separated values", func(p *parser, _ string) error { p.csv = true; return nil }},
		{"summary", "", "print the geometric mean of all problems at the end", func(p *parser, _ string) error { p.summary = true; return nil }},
		{"help", "", "print this", func(*parser, string) error { return errHelp }},
	}
}

func (p *parser) setMode(value string) error {
	mode := strings.ToUpper(value)
	if mode != "P" && mode != "C" && mode != "CP" {
		return errors.New("there are P, C and CP")
	}
	p.check, p.time = strings.Contains(mode, "C"), strings.Contains(mode, "P")
	return nil
}

// maxThreads bounds a slip of the keyboard: no machine has as many cores.
const maxThreads = 4096

func (p *parser) setThreads(value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > maxThreads {
		return fmt.Errorf("a number from 0 to %d is needed", maxThreads)
	}
	p.threads = n
	return nil
}

func (p *parser) setMatch(value string) (err error) {
	p.match, err = regexp.Compile(strings.Trim(value, `"'`))
	return err
}

func (p *parser) setSkip(value string) error {
	p.skip = nil
	for _, part := range strings.Split(strings.Trim(value, `"'`), ",") {
		if part != "" {
			p.skip = append(p.skip, part)
		}
	}
	return nil
}

func (p *parser) setBudget(value string) error {
	ms, err := strconv.ParseFloat(value, 64)
	if err != nil || !(ms > 0) || ms > math.MaxInt32 {
		return errors.New("a positive number of milliseconds is needed")
	}
	p.limit.budget = time.Duration(ms * float64(time.Millisecond))
	return nil
}

func (p *parser) setTimes(value string) error {
	p.limit.times = 0
	if err := wholeNumber(value); err != nil {
		return err
	}
	p.limit.times, _ = strconv.Atoi(value)
	return nil
}
