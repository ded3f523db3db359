// Package rawfile reads files of records at any place, by several goroutines at
// once: plain ones where they lie, gzip'ed ones from memory. It counts what that
// costs, and keeps the number of open files bounded, since a data set may have
// thousands.
package rawfile
