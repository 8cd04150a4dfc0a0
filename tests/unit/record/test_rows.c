#include "record.h"

#include <criterion/criterion.h>
#include <string.h>

Test(rows, every_field_has_a_name_a_label_and_a_meaning)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        cr_assert_not_null(field_rows[i].name);
        cr_assert_neq(field_rows[i].label[0], '\0', "%s", field_rows[i].name);
        cr_assert_neq(field_rows[i].meaning[0], '\0', "%s", field_rows[i].name);
    }
    for (size_t i = 0; i < CERT_FIELDS_COUNT; i++)
        cr_assert_neq(cert_field_rows[i].label[0], '\0');
}

Test(rows, every_field_is_found_by_its_own_name)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        cr_assert_eq(field_find(field_rows[i].name), i);
}

Test(rows, a_name_that_does_not_exist_is_not_found)
{
    cr_assert_eq(field_find("chipher"), FIELDS_COUNT);
    cr_assert_eq(field_find(""), FIELDS_COUNT);
    cr_assert_eq(field_find("Status"), FIELDS_COUNT);
}

Test(rows, a_typo_gets_the_nearest_name)
{
    cr_assert_str_eq(field_nearest("chipher"), "cipher");
    cr_assert_str_eq(field_nearest("daysleft"), "days_left");
    cr_assert_str_eq(field_nearest("snu"), "sni");
}

Test(rows, a_word_unlike_any_field_gets_no_suggestion)
{
    cr_assert_null(field_nearest("xyzzy"));
    cr_assert_null(field_nearest("a very long word that is no field at all, "
                                 "longer than any word may be"));
}

Test(rows, names_are_plain_words_that_no_format_must_quote)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        const char *name = field_rows[i].name;

        cr_assert_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
                     strlen(name), "%s", name);
    }
}

Test(rows, a_secret_field_is_a_text_so_that_it_can_be_redacted)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        if (field_rows[i].traits & FIELD_SECRET)
            cr_assert_eq(field_rows[i].kind, FIELD_TEXT);
    }
}
