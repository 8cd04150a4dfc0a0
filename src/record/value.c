#include "value.h"

#include "base/mem.h"

void bytes_release(struct bytes *b)
{
    mem_free(b->data);
    *b = (struct bytes){ 0 };
}

static bool bytes_copy(struct bytes *b, const void *data, size_t len)
{
    b->data = mem_copy(data, len);
    b->len = b->data ? len : 0;
    return b->data;
}

void value_reset(struct value *v, enum value_state state)
{
    bytes_release(&v->text);
    for (size_t i = 0; i < v->nitems; i++)
        bytes_release(&v->items[i]);
    mem_free(v->items);
    *v = (struct value){ .state = state };
}

bool value_set_text(struct value *v, const void *data, size_t len)
{
    value_reset(v, VALUE_UNKNOWN);
    if (!bytes_copy(&v->text, data, len))
        return false;
    v->state = VALUE_KNOWN;
    return true;
}

void value_set_number(struct value *v, int64_t number)
{
    v->number = number;
    v->state = VALUE_KNOWN;
}

bool value_add(struct value *v, const void *data, size_t len)
{
    struct bytes *items = value_grow(v->items, v->nitems, sizeof(*items));

    if (!items)
        return false;
    v->items = items;
    if (!bytes_copy(&items[v->nitems], data, len))
        return false;
    v->nitems++;
    v->state = VALUE_KNOWN;
    return true;
}

void *value_grow(void *items, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return items;
    return mem_resize(items, (count ? count * 2 : 1) * size);
}

bool kind_is_number(enum field_kind kind)
{
    return kind == FIELD_INT || kind == FIELD_MS || kind == FIELD_BOOL
           || kind == FIELD_TIME;
}

bool kind_is_list(enum field_kind kind)
{
    return kind == FIELD_LIST || kind == FIELD_TAGS;
}
