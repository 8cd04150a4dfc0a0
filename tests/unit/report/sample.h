/* sample -- records and sheets to try formats on. */
#pragma once

#include "../../../src/report/format.h"

/* A record whose status is ok and that knows what text shows. */
struct record *sample_ok(uint64_t seq, const char *target);
/* A record that failed at connect. */
struct record *sample_failed(uint64_t seq, const char *target);
/* A record in which every field is known. */
struct record *sample_all(void);

/* A configuration that shows the fields of -fields (NULL: default). */
struct report_config sample_config(const char *fields);

/* What the format makes of one record, without begin and end; freed with
 * mem_free(). */
char *sample_format(const char *format, const struct report_config *config,
                    const struct record *r, size_t *len);

/* True when only LF, printable ASCII and harmless UTF-8 are in it.  Its own
 * reading of the rules, not the encoder's. */
bool sample_is_neutral(const char *text, size_t len);

/* Texts that try to break out of a report. */
struct hostile {
    const char *text;
    size_t len;
};
extern const struct hostile hostile_texts[];
extern const size_t hostile_count;

/* A new empty folder, removed with all its files by sample_remove(). */
void sample_folder(char *path, size_t size);
void sample_remove(const char *path);
/* How many files are in it. */
size_t sample_files(const char *path);
/* The bytes of a file (mem_free()), NULL when there is none. */
char *sample_read(const char *folder, const char *name, size_t *len);
