#include "report.h"

#include <criterion/criterion.h>
#include <string.h>

static struct field_list parse(const char *text)
{
    struct field_list list;
    struct err e = { 0 };

    cr_assert(field_list_parse(&list, text, &e), "%s", e.msg);
    return list;
}

static void assert_fields(const char *text, const enum field_id *ids,
                          size_t count)
{
    struct field_list list = parse(text);

    cr_assert_eq(list.count, count, "%s", text);
    cr_assert_arr_eq(list.ids, ids, count * sizeof(*ids), "%s", text);
}

static void assert_refused(const char *text, const char *message)
{
    struct field_list list;
    struct err e = { 0 };

    cr_assert_not(field_list_parse(&list, text, &e), "%s", text);
    cr_assert_eq(e.code, ERR_USAGE);
    cr_assert_str_eq(e.msg, message);
}

static size_t defaults(void)
{
    size_t count = 0;

    for (size_t i = 0; i < FIELDS_COUNT; i++)
        count += (field_rows[i].traits & FIELD_DEFAULT) != 0;
    return count;
}

Test(fields, nothing_said_is_the_default)
{
    struct field_list list = parse(NULL);

    cr_assert_eq(list.count, defaults());
    cr_assert_eq(list.ids[0], REC_index);
    cr_assert_eq(parse("default").count, list.count);
}

Test(fields, all_is_every_field_in_order)
{
    struct field_list list = parse("all");

    cr_assert_eq(list.count, FIELDS_COUNT);
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        cr_assert_eq(list.ids[i], i);
}

Test(fields, names_keep_the_order_they_are_said_in)
{
    static const enum field_id ids[] = { REC_cipher, REC_host, REC_index };

    assert_fields("cipher,host,index", ids, 3);
    assert_fields(" cipher , host,\tindex ", ids, 3);
}

Test(fields, a_list_that_begins_with_minus_starts_from_the_default)
{
    struct field_list list = parse("-cipher,-host");

    cr_assert_eq(list.count, defaults() - 2);
    for (size_t i = 0; i < list.count; i++)
        cr_assert(list.ids[i] != REC_cipher && list.ids[i] != REC_host);
}

Test(fields, minus_leaves_out_what_was_said_before)
{
    static const enum field_id ids[] = { REC_port };

    assert_fields("host,port,-host", ids, 1);
    cr_assert_eq(parse("all,-chain").count, FIELDS_COUNT - 1);
}

Test(fields, a_word_for_many_adds_only_what_is_missing)
{
    struct field_list list = parse("cipher,all");

    cr_assert_eq(list.count, FIELDS_COUNT);
    cr_assert_eq(list.ids[0], REC_cipher);
    cr_assert_eq(list.ids[1], REC_index);
}

Test(fields, an_unknown_name_gets_the_nearest)
{
    assert_refused("host,chipher", "-fields: there is no field 'chipher' (did "
                                   "you mean 'cipher'?)");
    assert_refused("-hosst", "-fields: there is no field 'hosst' (did you "
                             "mean 'host'?)");
    assert_refused("xyzzy", "-fields: there is no field 'xyzzy'");
    assert_refused("", "-fields: there is no field ''");
    assert_refused("host,,port", "-fields: there is no field ''");
    assert_refused("host,", "-fields: there is no field ''");
}

Test(fields, a_name_said_twice_is_refused)
{
    assert_refused("host,port,host", "-fields: 'host' is named twice");
    assert_refused("all,host", "-fields: 'host' is named twice");
}

Test(fields, an_empty_choice_is_refused)
{
    assert_refused("host,-host", "-fields: 'host,-host' leaves no field");
}

Test(fields, an_endless_name_is_refused)
{
    char name[5000];
    struct field_list list;
    struct err e = { 0 };

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    cr_assert_not(field_list_parse(&list, name, &e));
    cr_assert_eq(e.code, ERR_USAGE);
}
