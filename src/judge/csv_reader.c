/* csv_reader -- RFC 4180 cells, back into fields. */
#include "earlier.h"

#include "base/mem.h"
#include "literal.h"
#include "say.h"

#include <string.h>

enum { COLUMNS_MAX = 1000 };

static const char separator[] = "; ";

/* ---- cells ---- */

struct cell {
    char *text; /* NUL after the last byte */
    size_t len;
    bool quoted;
};

struct cells {
    char *at, *end;
    bool more;
};

static struct cells cells_of(struct buf *row)
{
    return (struct cells){ .at = row->data,
                           .end = row->data + row->len,
                           .more = row->len > 0 };
}

/* Halves the doubled quotes where they stand. */
static bool read_quoted(struct cells *in, struct cell *cell, struct err *e)
{
    char *to = ++in->at, *quote;

    cell->text = to;
    while ((quote = memchr(in->at, '"', (size_t)(in->end - in->at))) != NULL) {
        bool doubled = quote + 1 < in->end && quote[1] == '"';
        size_t len = (size_t)(quote - in->at) + doubled;

        memmove(to, in->at, len);
        to += len;
        in->at = quote + 1 + doubled;
        if (!doubled)
            break;
    }
    if (!quote)
        return err_set(e, ERR_FILE, "a quote is not closed");
    if (in->at < in->end && *in->at != ',')
        return err_set(e, ERR_FILE, "there is more after a closing quote");
    cell->len = (size_t)(to - cell->text);
    return true;
}

static bool read_plain(struct cells *in, struct cell *cell, struct err *e)
{
    char *comma = memchr(in->at, ',', (size_t)(in->end - in->at));

    cell->text = in->at;
    in->at = comma ? comma : in->end;
    cell->len = (size_t)(in->at - cell->text);
    if (memchr(cell->text, '"', cell->len))
        return err_set(e, ERR_FILE, "a quote stands inside a cell");
    return true;
}

static bool next_cell(struct cells *in, struct cell *cell, struct err *e)
{
    cell->quoted = in->at < in->end && *in->at == '"';
    if (cell->quoted ? !read_quoted(in, cell, e) : !read_plain(in, cell, e))
        return false;
    in->more = in->at < in->end;
    in->at += in->more;
    cell->text[cell->len] = '\0';
    return true;
}

/* ---- header ---- */

static bool is_twice(const struct csv_header *header, enum field_id id)
{
    for (size_t i = 0; i < header->count; i++) {
        if (header->fields[i] == id)
            return true;
    }
    return false;
}

static bool add_column(struct csv_header *header, const struct cell *cell,
                       struct err *e)
{
    enum field_id id = field_find(cell->text);

    if (header->count == COLUMNS_MAX)
        return err_set(e, ERR_FILE, "it has more than %d columns", COLUMNS_MAX);
    if (id != FIELDS_COUNT && !earlier_needs(id))
        id = FIELDS_COUNT;
    if (id != FIELDS_COUNT && is_twice(header, id))
        return err_set(e, ERR_FILE, "the column '%s' stands there twice",
                       field_rows[id].name);
    header->fields[header->count++] = id;
    return true;
}

bool csv_read_header(struct csv_header *header, struct buf *row, struct err *e)
{
    struct cells in = cells_of(row);
    struct cell cell;

    *header = (struct csv_header){ 0 };
    header->fields = mem_new(COLUMNS_MAX, sizeof(*header->fields));
    if (!header->fields)
        return err_memory(e, "its header");
    while (in.more) {
        if (!next_cell(&in, &cell, e) || !add_column(header, &cell, e))
            return false;
    }
    if (is_twice(header, REC_host) && is_twice(header, REC_port))
        return true;
    return err_set(e, ERR_FILE,
                   "it is no header of a report: the columns host and port "
                   "must be there");
}

void csv_header_release(struct csv_header *header)
{
    mem_free(header->fields);
}

/* ---- fields ---- */

static bool take_number(struct record *r, enum field_id id,
                        const struct cell *cell)
{
    int64_t number;

    if (!literal_number(field_rows[id].kind, cell->text, &number))
        return false;
    record_number(r, id, number);
    return true;
}

static void take_item(struct record *r, enum field_id id, const char *text,
                      size_t len)
{
    struct cert *c;

    if (field_rows[id].kind != FIELD_CHAIN) {
        earlier_item(r, id, text, len);
        return;
    }
    c = record_add_cert(r);
    if (c)
        earlier_cert_text(r, c, CERT_subject, text, len);
}

static void take_pair(struct record *r, enum field_id id, const char *text,
                      size_t len)
{
    const char *sign = memchr(text, '=', len);
    size_t key = sign ? (size_t)(sign - text) : len;
    size_t behind = sign ? key + 1 : key;

    earlier_item(r, id, text, key);
    earlier_item(r, id, text + behind, len - behind);
}

static void take_items(struct record *r, enum field_id id, const char *text)
{
    for (const char *end = text; end; text = end + strlen(separator)) {
        size_t len;

        end = strstr(text, separator);
        len = end ? (size_t)(end - text) : strlen(text);
        if (field_rows[id].kind == FIELD_TAGS)
            take_pair(r, id, text, len);
        else
            take_item(r, id, text, len);
        if (!end)
            break;
    }
}

static bool take_known(struct record *r, enum field_id id,
                       const struct cell *cell)
{
    size_t guard = say_guard(cell->text, cell->len);
    const char *text = cell->text + guard;

    switch (field_rows[id].kind) {
    case FIELD_TEXT:
        earlier_text(r, id, text, cell->len - guard);
        break;
    case FIELD_INT:
    case FIELD_MS:
    case FIELD_BOOL:
    case FIELD_TIME:
        return take_number(r, id, cell);
    case FIELD_LIST:
    case FIELD_TAGS:
    case FIELD_CHAIN:
        take_items(r, id, text);
        break;
    }
    return true;
}

static bool take_cell(struct record *r, enum field_id id,
                      const struct cell *cell)
{
    if (cell->len == 0) {
        if (cell->quoted && field_rows[id].kind == FIELD_TEXT)
            record_bytes(r, id, "", 0);
        return true;
    }
    if (strcmp(cell->text, say_state(VALUE_NONE)) == 0)
        record_state(r, id, VALUE_NONE);
    else if (strcmp(cell->text, say_state(VALUE_NOT_ASKED)) == 0)
        record_state(r, id, VALUE_NOT_ASKED);
    else
        return take_known(r, id, cell);
    return true;
}

bool csv_read_row(const struct csv_header *header, struct buf *row,
                  struct record *r, struct err *e)
{
    struct cells in = cells_of(row);
    struct cell cell;
    size_t n = 0;

    for (; in.more && n < header->count; n++) {
        enum field_id id = header->fields[n];

        if (!next_cell(&in, &cell, e))
            return false;
        if (id != FIELDS_COUNT && !take_cell(r, id, &cell))
            return err_set(e, ERR_FILE, "its '%s' cannot be read",
                           field_rows[id].name);
    }
    if (in.more || n < header->count)
        return err_set(e, ERR_FILE, "it has %s cells than the header",
                       in.more ? "more" : "fewer");
    return r->incomplete ? err_memory(e, "a row") : true;
}
