/* fleet -- an earlier report of two targets, and the fleet a day later. */
#pragma once

#include "judge.h"
#include "sample.h"

/* A default report in CSV and the same one with more fields in JSON Lines, as
 * the report room writes them. */
extern const char fleet_csv[], fleet_jsonl[];

struct baseline *fleet_open(const char *report, bool all_addresses);

/* A target as it is known before anything is connected. */
struct record *fleet_target(const char *host, const char *port);
/* The first target of the reports, found again with nothing changed. */
struct record *fleet_first(void);

/* Judges the record. */
void fleet_expect_change(struct baseline *b, struct record *r,
                         const char *change);
void fleet_expect_unknown(struct baseline *b, struct record *r);
void fleet_expect_gone(struct baseline *b, const char *const *hosts, size_t n);
