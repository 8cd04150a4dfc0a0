#include "counts.h"

void counts_add(struct counts *c, const struct piece *text)
{
    size_t i = 0;

    c->total++;
    while (i < c->used && piece_compare(&c->rows[i].text, text) != 0)
        i++;
    if (i == COUNTS_ROWS)
        return;
    if (i == c->used)
        c->rows[c->used++].text = *text;
    c->rows[i].number++;
}

void counts_field(struct counts *c, const struct record *r, enum field_id id)
{
    const struct value *v = &r->values[id];
    struct piece text;

    if (v->state != VALUE_KNOWN)
        return;
    piece_clear(&text);
    piece_add(&text, v->text.data, v->text.len);
    counts_add(c, &text);
}

static bool goes_before(const struct count *a, const struct count *b)
{
    if (a->number != b->number)
        return a->number > b->number;
    return piece_compare(&a->text, &b->text) < 0;
}

size_t counts_top(const struct counts *c, const struct count *top[],
                  size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < c->used; i++) {
        size_t at = n;

        while (at > 0 && goes_before(&c->rows[i], top[at - 1]))
            at--;
        if (at == room)
            continue;
        n += n < room;
        for (size_t j = n - 1; j > at; j--)
            top[j] = top[j - 1];
        top[at] = &c->rows[i];
    }
    return n;
}
