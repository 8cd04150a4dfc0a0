/* rows -- the rows of record.def and cert.def as data, and their names. */
#include "record.h"

#include "base/text.h"

#include <string.h>

/* clang-format off */
const struct field_row field_rows[FIELDS_COUNT] = {
#define FIELD(id_, kind_, traits_, label_, meaning_) \
    [REC_##id_] = { .name = #id_, .kind = FIELD_##kind_, .traits = (traits_), \
                    .label = (label_), .meaning = (meaning_) },
#include "record.def"
#undef FIELD
};

const struct field_row cert_field_rows[CERT_FIELDS_COUNT] = {
#define CERT(id_, kind_, label_, meaning_) \
    [CERT_##id_] = { .name = #id_, .kind = FIELD_##kind_, \
                     .label = (label_), .meaning = (meaning_) },
#include "cert.def"
#undef CERT
};
/* clang-format on */

enum field_id field_find(const char *name)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        if (strcmp(field_rows[i].name, name) == 0)
            return (enum field_id)i;
    }
    return FIELDS_COUNT;
}

const char *field_nearest(const char *name)
{
    size_t far = strlen(name) / 4 + 2; /* at that distance it is another word */
    const char *nearest = NULL;

    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        unsigned distance = text_distance(name, field_rows[i].name);

        if (distance < far) {
            far = distance;
            nearest = field_rows[i].name;
        }
    }
    return nearest;
}
