package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func runPlan(ctx context.Context, out io.Writer, args []string) (err error) {
	var p planFlags
	var d dataFlags
	fs := cli.Flags("resnet plan", courseHelp())
	p.flags(fs)
	d.flags(fs)
	picture := fs.String("picture", "", "`FILE`.png for a picture of the learning rate")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	if err := errors.Join(p.check(), d.check()); err != nil {
		return err
	}
	set, err := d.open(ctx)
	if err != nil {
		return uninterrupted(ctx, err)
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	p.settle(usualFor(set))
	f, err := openFeed(dist.Self(), set, p.batch, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	timeline, err := p.timeline(f.Steps())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%v: %d steps, %d an epoch of %d images\n\n", &p, timeline.Steps(), f.Steps(), f.Rows())
	if err := timeline.Table(out); err != nil || *picture == "" {
		return err
	}
	return timeline.Plot(*picture)
}
