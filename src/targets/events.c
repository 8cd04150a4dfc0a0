#include "events.h"

#include "base/mem.h"

#include <string.h>
#include <yaml.h>

enum {
    DEPTH_MAX = 16,
    TEXT_MAX = 4 * 1024,
    /* What libyaml may read without an event coming out.  Comments are the
     * only good reason to read long. */
    SILENCE_MAX = 1024 * 1024,
    /* It holds each directive against all others. */
    DIRECTIVES_MAX = 100,
};

struct events {
    yaml_parser_t parser;
    yaml_event_t event; /* the one given out last owns its text */
    yaml_mark_t event_mark; /* where it began */
    struct spool *spool;
    struct err trouble; /* of reading, which libyaml cannot pass on */
    size_t depth;
    bool document; /* the one document has begun */
    size_t silence, directives; /* read since the last event */
    char last; /* byte read */
};

/* ---- reading ---- */

/* True for the last byte of what YAML 1.1 takes for a line break. */
static bool may_break(char c)
{
    return c == '\n' || c == '\r' || c == '\x85' || c == '\xa8' || c == '\xa9';
}

static void count(struct events *ev, const char *bytes, size_t len)
{
    ev->silence += len;
    for (size_t i = 0; i < len; i++) {
        ev->directives += bytes[i] == '%' && may_break(ev->last);
        ev->last = bytes[i];
    }
}

/* libyaml's read handler: 1 is success, no bytes are the end. */
static int read_more(void *arg, unsigned char *out, size_t room, size_t *got)
{
    struct events *ev = arg;

    if (!spool_read(ev->spool, (char *)out, room, got, &ev->trouble))
        return 0;
    count(ev, (const char *)out, *got);
    if (ev->silence > SILENCE_MAX)
        err_set(&ev->trouble, ERR_USAGE,
                "%d KiB without a whole key or value: no list is written so",
                SILENCE_MAX / 1024);
    if (ev->directives > DIRECTIVES_MAX)
        err_set(&ev->trouble, ERR_USAGE,
                "too many lines that begin with '%%': a list needs no "
                "directives");
    return ev->trouble.code == ERR_NONE;
}

struct events *events_new(struct spool *spool, struct err *e)
{
    struct events *ev = mem_new(1, sizeof(*ev));

    if (!ev) {
        err_memory(e, "YAML list");
        return NULL;
    }
    if (!yaml_parser_initialize(&ev->parser)) {
        mem_free(ev);
        err_memory(e, "YAML list");
        return NULL;
    }
    ev->spool = spool;
    yaml_parser_set_encoding(&ev->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input(&ev->parser, read_more, ev);
    return ev;
}

void events_free(struct events *ev)
{
    if (!ev)
        return;
    yaml_event_delete(&ev->event);
    yaml_parser_delete(&ev->parser);
    mem_free(ev);
}

/* ---- what is let through ---- */

/* libyaml knows no line of what it could not even decode: the event before
 * must do. */
static bool not_readable(struct events *ev, struct event *out, struct err *e)
{
    out->line = ev->event_mark.line + 1;
    out->column = ev->event_mark.column + 1;
    if (ev->trouble.code == ERR_NONE)
        return err_set(e, ERR_USAGE, "not YAML: %s in byte %zu of the list",
                       ev->parser.problem, ev->parser.problem_offset + 1);
    *e = ev->trouble;
    return false;
}

static bool not_yaml(struct events *ev, struct event *out, struct err *e)
{
    const yaml_parser_t *p = &ev->parser;

    if (p->error == YAML_MEMORY_ERROR)
        return err_memory(e, "YAML list");
    if (p->error == YAML_READER_ERROR)
        return not_readable(ev, out, e);
    out->line = p->problem_mark.line + 1;
    out->column = p->problem_mark.column + 1;
    return err_set(e, ERR_USAGE, "not YAML: %s%s%s", p->problem,
                   p->context ? ", " : "", p->context ? p->context : "");
}

static bool refuse(const char *what, struct err *e)
{
    return err_set(e, ERR_USAGE, "a target list takes no %s: write things out",
                   what);
}

static bool open_level(struct events *ev, const yaml_char_t *anchor,
                       const yaml_char_t *tag, struct err *e)
{
    if (anchor)
        return refuse("anchors", e);
    if (tag)
        return refuse("tags", e);
    if (++ev->depth > DEPTH_MAX)
        return err_set(e, ERR_USAGE, "nested deeper than %d levels", DEPTH_MAX);
    return true;
}

static bool take_text(struct events *ev, struct event *out, struct err *e)
{
    bool plain = ev->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    size_t len = ev->event.data.scalar.length;

    out->kind = EVENT_TEXT;
    out->text = (const char *)ev->event.data.scalar.value;
    out->nothing = plain && len == 0;
    if (ev->event.data.scalar.anchor)
        return refuse("anchors", e);
    if (ev->event.data.scalar.tag)
        return refuse("tags", e);
    if (len > TEXT_MAX)
        return err_set(e, ERR_USAGE, "a text longer than %d bytes", TEXT_MAX);
    if (strlen(out->text) != len)
        return err_set(e, ERR_USAGE, "a text with a NUL byte");
    if (plain && strcmp(out->text, "<<") == 0)
        return refuse("merge keys ('<<')", e);
    return true;
}

static bool begin_document(struct events *ev, struct err *e)
{
    if (ev->document)
        return err_set(e, ERR_USAGE, "a second document: a list has only one");
    ev->document = true;
    return true;
}

/* Turns libyaml's event into ours; *skip when it has none. */
static bool translate(struct events *ev, struct event *out, bool *skip,
                      struct err *e)
{
    const yaml_event_t *y = &ev->event;

    *skip = false;
    switch (y->type) {
    case YAML_MAPPING_START_EVENT:
        out->kind = EVENT_MAP;
        return open_level(ev, y->data.mapping_start.anchor,
                          y->data.mapping_start.tag, e);
    case YAML_SEQUENCE_START_EVENT:
        out->kind = EVENT_LIST;
        return open_level(ev, y->data.sequence_start.anchor,
                          y->data.sequence_start.tag, e);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        out->kind = EVENT_CLOSE;
        ev->depth--;
        return true;
    case YAML_SCALAR_EVENT:
        return take_text(ev, out, e);
    case YAML_ALIAS_EVENT:
        return refuse("aliases", e);
    case YAML_STREAM_END_EVENT:
    case YAML_NO_EVENT: /* asked for more after the end */
        out->kind = EVENT_END;
        return true;
    case YAML_DOCUMENT_START_EVENT:
        *skip = true;
        return begin_document(ev, e);
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        *skip = true;
        return true;
    }
    return false;
}

bool events_next(struct events *ev, struct event *out, struct err *e)
{
    bool skip = true;

    *out = (struct event){ 0 };
    while (skip) {
        yaml_event_delete(&ev->event);
        ev->silence = ev->directives = 0;
        if (!yaml_parser_parse(&ev->parser, &ev->event))
            return not_yaml(ev, out, e);
        ev->event_mark = ev->event.start_mark;
        out->line = ev->event.start_mark.line + 1;
        out->column = ev->event.start_mark.column + 1;
        if (!translate(ev, out, &skip, e))
            return false;
    }
    return true;
}
