// Package archtest holds a test, and nothing else: that packages import each
// other downwards only,
//
//	recipes → nn/train → {nn/*, data, dist} → nn → ops → ops/avx512, ops/avx2
//
// and that C is called in one place. A compiler refuses cycles; this refuses the
// first step towards one, such as a reader of files that knows about networks.
//
// The table of areas is in archtest_test.go. A new top-level package fails the
// test until it has a line there.
package archtest
