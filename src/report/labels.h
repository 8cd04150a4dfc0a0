/* labels -- what stands between the braces of a sample (see series.h). */
#pragma once

#include "sheet.h"

/* What tells the samples of targets apart: the line that goes before them. */
void labels_identity(struct sheet *s, const struct record *r);

/* Further ones, each behind a comma. */
void labels_version(struct sheet *s, const struct record *r);
void labels_cert(struct sheet *s, const struct record *r);
void labels_outcome(struct sheet *s, const struct record *r);
