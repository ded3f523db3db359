//go:build cgo && !nohdf5

#include "shim.h"

#include <stdio.h>
#include <string.h>

char ch5_text[CH5_TEXT];

// A thread-safe libhdf5 has an error stack, and a printer of it, per thread;
// the Go runtime moves calls between threads, so each call silences its own.
void ch5_begin(void)
{
	H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	H5Eclear2(H5E_DEFAULT);
	ch5_text[0] = '\0';
}

static herr_t append(unsigned n, const H5E_error2_t *e, void *unused)
{
	size_t used = strlen(ch5_text);

	(void)n;
	(void)unused;
	if (e->desc != NULL && e->desc[0] != '\0')
		snprintf(ch5_text + used, CH5_TEXT - used, "%s%s", used ? ": " : "", e->desc);
	return 0;
}

int ch5_fail(const char *what)
{
	snprintf(ch5_text, CH5_TEXT, "%s", what);
	H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, append, NULL);
	H5Eclear2(H5E_DEFAULT);
	return -1;
}
