// Package cli is what Cascade's programs of several commands share: they are
// called, explain themselves and fail alike.
//
//	h5 COMMAND [flags] [operands]
//
// [Program] runs the command that is named, [Flags] and [Parse] read its flags,
// which may stand before and behind the operands, and [Progress] shows how far it
// has come where there is somebody to see it. The exit status is 0, 1 after an
// error, 2 when the arguments were wrong, and [StatusRequeue].
package cli
