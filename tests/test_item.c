/* How an item stands: the fold of its rows, moment by moment and as of any day. */
#include "store/item.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { MOST_ROWS = 8 };

/* A row in few words: (at, known_at, area, state, grade). */
typedef struct said {
    int64_t at, known;
    const char *area, *state, *grade;
} said;

typedef struct history {
    zw_item_field fields[MOST_ROWS];
    zw_item_row rows[MOST_ROWS];
    const zw_item_row *in_order[MOST_ROWS];
    size_t count;
} history;

/* The rows must be given in order of (at, known_at, arrival). */
static void history_of(history *h, const said *rows)
{
    h->count = 0;
    for (size_t i = 0; i < MOST_ROWS && rows[i].area != NULL; i++) {
        h->fields[i] = (zw_item_field){"grade", rows[i].grade};
        h->rows[i] = (zw_item_row){.register_name = "calls",
                                   .item = "c",
                                   .area = rows[i].area,
                                   .state = rows[i].state,
                                   .at_ms = rows[i].at,
                                   .known_at_ms = rows[i].known,
                                   .is_synthetic = rows[i].grade[0] == 's',
                                   .fields = &h->fields[i],
                                   .field_count = rows[i].grade[0] != '\0'};
        h->in_order[i] = &h->rows[i];
        h->count++;
    }
}

static void an_item_stands_as_its_rows_say(void **state)
{
    static const struct {
        const char *why;
        said rows[MOST_ROWS];
        int64_t t, as_of;
        bool is_known, lives;
        const char *area, *in_state, *grade;
        int64_t first, came, since, left, last, known;
    } cases[] = {
        {"nothing was said yet",
         {{10, 10, "a", "posted", "1"}},
         9,
         99,
         false,
         false,
         "",
         "",
         "",
         0,
         0,
         0,
         INT64_MAX,
         0,
         0},
        {"said, but not known by then",
         {{10, 20, "a", "posted", "1"}},
         15,
         19,
         false,
         false,
         "",
         "",
         "",
         0,
         0,
         0,
         INT64_MAX,
         0,
         0},
        {"from its moment on, that moment included",
         {{10, 20, "a", "posted", "1"}},
         10,
         20,
         true,
         true,
         "a",
         "posted",
         "1",
         10,
         10,
         10,
         INT64_MAX,
         10,
         20},
        {"what is empty keeps what was; the state's own clock does not start again",
         {{10, 10, "a", "posted", "1"}, {20, 20, "b", "", ""}, {30, 30, "", "posted", "2"}},
         99,
         99,
         true,
         true,
         "b",
         "posted",
         "2",
         10,
         10,
         10,
         INT64_MAX,
         30,
         30},
        {"another state starts it again",
         {{10, 10, "a", "posted", ""}, {20, 20, "", "awarded", ""}},
         99,
         99,
         true,
         true,
         "a",
         "awarded",
         "",
         10,
         10,
         20,
         INT64_MAX,
         20,
         20},
        {"known later, about earlier: it takes its place in time",
         {{10, 10, "a", "posted", ""}, {15, 50, "b", "awarded", ""}, {20, 20, "", "in_work", ""}},
         99,
         99,
         true,
         true,
         "b",
         "in_work",
         "",
         10,
         10,
         20,
         INT64_MAX,
         20,
         50},
        {"before it was known it was not there",
         {{10, 10, "a", "posted", ""}, {15, 50, "b", "awarded", ""}, {20, 20, "", "in_work", ""}},
         17,
         49,
         true,
         true,
         "a",
         "posted",
         "",
         10,
         10,
         10,
         INT64_MAX,
         10,
         10},
        {"of one moment the later known corrects, field by field",
         {{10, 10, "a", "awarded", "1"}, {10, 30, "", "posted", ""}},
         99,
         99,
         true,
         true,
         "a",
         "posted",
         "1",
         10,
         10,
         10,
         INT64_MAX,
         10,
         30},
        {"of one moment and equally known the later arrived corrects",
         {{10, 10, "a", "posted", "1"}, {10, 10, "b", "", "2"}},
         99,
         99,
         true,
         true,
         "b",
         "posted",
         "2",
         10,
         10,
         10,
         INT64_MAX,
         10,
         10},
        {"a state corrected back to what it was never changed: 10 and not 20",
         {{10, 10, "a", "posted", ""}, {20, 20, "", "awarded", ""}, {20, 30, "", "posted", ""}},
         99,
         99,
         true,
         true,
         "a",
         "posted",
         "",
         10,
         10,
         10,
         INT64_MAX,
         20,
         30},
        {"it left, and keeps how it stood",
         {{10, 10, "a", "posted", "1"}, {20, 20, "", "left", ""}},
         20,
         99,
         true,
         false,
         "a",
         "posted",
         "1",
         10,
         10,
         10,
         20,
         20,
         20},
        {"a moment before it left it lived",
         {{10, 10, "a", "posted", "1"}, {20, 20, "", "left", ""}},
         19,
         99,
         true,
         true,
         "a",
         "posted",
         "1",
         10,
         10,
         10,
         INT64_MAX,
         10,
         10},
        {"leaving twice is leaving once: 20",
         {{10, 10, "a", "", ""}, {20, 20, "", "left", ""}, {30, 30, "", "left", ""}},
         99,
         99,
         true,
         false,
         "a",
         "",
         "",
         10,
         10,
         10,
         20,
         30,
         30},
        {"a later row brings it back, in its old state since then",
         {{10, 10, "a", "posted", "1"}, {20, 20, "", "left", ""}, {30, 30, "b", "", ""}},
         99,
         99,
         true,
         true,
         "b",
         "posted",
         "1",
         10,
         30,
         30,
         INT64_MAX,
         30,
         30},
        {"a correction of the leaving that says a state: it never left",
         {{10, 10, "a", "posted", ""}, {20, 20, "", "left", ""}, {20, 30, "", "posted", ""}},
         99,
         99,
         true,
         true,
         "a",
         "posted",
         "",
         10,
         10,
         10,
         INT64_MAX,
         20,
         30},
        {"a correction that says none: it left all the same",
         {{10, 10, "a", "posted", ""}, {20, 20, "", "left", ""}, {20, 30, "b", "", "2"}},
         99,
         99,
         true,
         false,
         "b",
         "posted",
         "2",
         10,
         10,
         10,
         20,
         20,
         30},
        {"left before it ever came: known, but it never lived",
         {{10, 10, "a", "left", ""}},
         99,
         99,
         true,
         false,
         "a",
         "",
         "",
         10,
         10,
         10,
         10,
         10,
         10},
        {"a coming known later than the leaving still lies before it",
         {{10, 40, "a", "posted", ""}, {20, 20, "", "left", ""}},
         99,
         99,
         true,
         false,
         "a",
         "posted",
         "",
         10,
         10,
         10,
         20,
         20,
         40},
        {"a row announced for a day to come does not hold yet",
         {{10, 10, "a", "posted", ""}, {50, 20, "", "awarded", ""}},
         49,
         49,
         true,
         true,
         "a",
         "posted",
         "",
         10,
         10,
         10,
         INT64_MAX,
         10,
         10},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        history h;
        history_of(&h, cases[i].rows);
        zw_item_standing s;
        zw_item_fold(h.in_order, h.count, cases[i].t, cases[i].as_of, &s);
        bool is_right = s.is_known == cases[i].is_known && s.lives == cases[i].lives &&
                        strcmp(s.area, cases[i].area) == 0 &&
                        strcmp(s.state, cases[i].in_state) == 0 &&
                        strcmp(zw_item_field_of(&s, "grade"), cases[i].grade) == 0 &&
                        s.first_ms == cases[i].first && s.came_ms == cases[i].came &&
                        s.since_ms == cases[i].since && s.left_ms == cases[i].left &&
                        s.last_ms == cases[i].last && s.known_at_ms == cases[i].known;
        if (!is_right) {
            fail_msg("%s: lives %d in '%s' at '%s' grade '%s', first %lld came %lld since %lld"
                     " left %lld last %lld known %lld",
                     cases[i].why, s.lives, s.state, s.area, zw_item_field_of(&s, "grade"),
                     (long long)s.first_ms, (long long)s.came_ms, (long long)s.since_ms,
                     (long long)s.left_ms, (long long)s.last_ms, (long long)s.known_at_ms);
        }
        assert_string_equal(zw_item_field_of(&s, "no such field"), "");
    }
}

static void a_standing_is_marked_by_the_rows_it_used_alone(void **state)
{
    static const said rows[MOST_ROWS] = {
        {10, 10, "a", "", "1"}, {20, 20, "", "", "synthetic"}, {30, 30, "", "", "1"}};
    static const struct {
        const char *why;
        int64_t t, as_of;
        bool is_synthetic;
    } cases[] = {
        {"before it", 19, 99, false},
        {"from it on", 20, 99, true},
        {"though a later row says all it said", 40, 99, true},
        {"not known yet", 99, 19, false},
    };
    (void)state;
    history h;
    history_of(&h, rows);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_item_standing s;
        zw_item_fold(h.in_order, h.count, cases[i].t, cases[i].as_of, &s);
        if (s.is_synthetic != cases[i].is_synthetic) {
            fail_msg("%s", cases[i].why);
        }
    }
}

static void a_walk_stops_at_each_moment_known_once(void **state)
{
    static const said rows[MOST_ROWS] = {{10, 10, "a", "posted", ""},
                                         {20, 99, "", "awarded", ""}, /* not known at 50 */
                                         {30, 30, "", "awarded", ""},
                                         {30, 40, "", "in_work", ""},
                                         {60, 20, "", "left", ""}};
    static const struct {
        int64_t at;
        const char *state;
        bool lives;
    } steps[] = {{10, "posted", true}, {30, "in_work", true}, {60, "in_work", false}};
    (void)state;
    history h;
    history_of(&h, rows);
    zw_item_walk walk;
    zw_item_walk_init(&walk, h.in_order, h.count, 50);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_true(zw_item_walk_next(&walk, 60));
        assert_int_equal(walk.standing.last_ms, steps[i].at);
        assert_string_equal(walk.standing.state, steps[i].state);
        assert_int_equal(walk.standing.lives, steps[i].lives);
    }
    assert_false(zw_item_walk_next(&walk, 60));
    zw_item_walk_init(&walk, NULL, 0, 50);
    assert_false(zw_item_walk_next(&walk, 60));
}

static void a_row_changes_what_was_known_at_its_own_moment(void **state)
{
    static const said before[MOST_ROWS] = {{10, 10, "a", "posted", "1"},
                                           {20, 20, "", "awarded", ""},
                                           {20, 50, "b", "", ""},
                                           {30, 30, "", "left", ""}};
    static const struct {
        const char *why;
        said row;
        zw_change change;
    } cases[] = {
        {"another moment is news, though it says nothing else",
         {15, 60, "a", "posted", "1"},
         ZW_CHANGE_NEW},
        {"the same again", {10, 60, "a", "posted", "1"}, ZW_CHANGE_UNCHANGED},
        {"less of the same", {10, 60, "", "", "1"}, ZW_CHANGE_UNCHANGED},
        {"nothing at all about a moment that was spoken of",
         {10, 60, "", "", ""},
         ZW_CHANGE_UNCHANGED},
        {"another field", {10, 60, "a", "posted", "2"}, ZW_CHANGE_REVISED},
        {"another area", {10, 60, "b", "", ""}, ZW_CHANGE_REVISED},
        {"another state", {10, 60, "", "awarded", ""}, ZW_CHANGE_REVISED},
        {"what stands there from before: said again",
         {20, 60, "b", "awarded", "1"},
         ZW_CHANGE_UNCHANGED},
        {"before the correction the area was still the first",
         {20, 40, "b", "", ""},
         ZW_CHANGE_REVISED},
        {"and this said it", {20, 40, "a", "", ""}, ZW_CHANGE_UNCHANGED},
        {"nothing was known of the moment yet", {20, 19, "", "awarded", ""}, ZW_CHANGE_NEW},
        {"it left, said again", {30, 60, "", "left", ""}, ZW_CHANGE_UNCHANGED},
        {"it did not leave", {30, 60, "", "awarded", ""}, ZW_CHANGE_REVISED},
        {"it did not leave then", {20, 60, "", "left", ""}, ZW_CHANGE_REVISED},
    };
    (void)state;
    history h;
    history_of(&h, before);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        history row;
        said one[MOST_ROWS] = {cases[i].row};
        history_of(&row, one);
        zw_change change = zw_item_change(h.in_order, h.count, &row.rows[0]);
        if (change != cases[i].change) {
            fail_msg("%s: %d", cases[i].why, (int)change);
        }
    }
}

static void what_cannot_be_kept_is_refused(void **state)
{
    static const zw_item_field good[] = {{"type", "lab"}, {"paid", ""}};
    static const zw_item_field nameless[] = {{"", "lab"}};
    static const zw_item_field twice[] = {{"type", "lab"}, {"type", ""}};
    static const zw_item_field equals[] = {{"a=b", "lab"}};
    static const zw_item_field separator[] = {{"type", "lab\x1f"}};
    static const zw_item_field separated[] = {{"ty\x1fpe", "lab"}};
    static const zw_item_field silent[] = {{"type", ""}};
    static const struct {
        const char *why;
        zw_item_row row;
        const char *says; /* NULL: it can be kept */
    } cases[] = {
        {"a good one",
         {.register_name = "r", .item = "i", .state = "x", .fields = good, .field_count = 2},
         NULL},
        {"no change", {.register_name = "r", .item = "", .state = ""}, NULL},
        {"no change, with a field that says nothing",
         {.register_name = "r", .item = "", .state = "", .fields = silent, .field_count = 1},
         NULL},
        {"no register", {.register_name = "", .item = "i", .state = ""}, "register"},
        {"a register that would end a key",
         {.register_name = "r\x1f", .item = "i", .state = ""},
         "register"},
        {"a state without item", {.register_name = "r", .item = "", .state = "x"}, "no change"},
        {"a field without item",
         {.register_name = "r", .item = "", .state = "", .fields = good, .field_count = 2},
         "no change"},
        {"a field without name",
         {.register_name = "r", .item = "i", .state = "", .fields = nameless, .field_count = 1},
         "named ''"},
        {"a field twice",
         {.register_name = "r", .item = "i", .state = "", .fields = twice, .field_count = 2},
         "'type' is said twice"},
        {"a name with '='",
         {.register_name = "r", .item = "i", .state = "", .fields = equals, .field_count = 1},
         "'a=b'"},
        {"a text with the separator",
         {.register_name = "r", .item = "i", .state = "", .fields = separator, .field_count = 1},
         "U+001F"},
        {"a name with it",
         {.register_name = "r", .item = "i", .state = "", .fields = separated, .field_count = 1},
         "named"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_err err = {0};
        zw_status status = zw_item_row_check(&cases[i].row, &err);
        bool is_right = cases[i].says == NULL
                            ? status == ZW_OK
                            : status == ZW_INVALID && strstr(err.text, cases[i].says) != NULL;
        if (!is_right) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_stands_as_its_rows_say),
        cmocka_unit_test(a_standing_is_marked_by_the_rows_it_used_alone),
        cmocka_unit_test(a_walk_stops_at_each_moment_known_once),
        cmocka_unit_test(a_row_changes_what_was_known_at_its_own_moment),
        cmocka_unit_test(what_cannot_be_kept_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
