/* The list of deliveries in memory. */
#include "store/deliveries.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static int setup(void **state)
{
    zw_deliveries *list = NULL;
    int failed = zw_deliveries_create(&list, NULL) != ZW_OK;
    *state = list;
    return failed;
}

static int teardown(void **state)
{
    zw_deliveries_destroy(*state);
    return 0;
}

static zw_delivery delivery(int64_t id, const char *source, const char *digest)
{
    return (zw_delivery){.id = id,
                         .source = source,
                         .name = "a.csv",
                         .format = "csv",
                         .digest = digest,
                         .arrived_ms = 1000 * id,
                         .accepted = 3};
}

static void add(zw_deliveries *list, zw_delivery d)
{
    assert_int_equal(zw_deliveries_add(list, &d, NULL), ZW_OK);
}

static int64_t last_of(const zw_deliveries *list, const char *source)
{
    const zw_delivery *last = zw_deliveries_last_of(list, source);
    return last != NULL ? last->id : 0;
}

static void deliveries_are_found_by_order_number_and_source(void **state)
{
    zw_deliveries *list = *state;
    char source[] = "bureau";
    add(list, delivery(1, source, "d1"));
    source[0] = 'B'; /* the list has a copy */
    add(list, delivery(2, "ministry", "d2"));
    add(list, delivery(5, "bureau", "d1"));
    assert_int_equal(zw_deliveries_count(list), 3);
    assert_int_equal(zw_deliveries_at(list, 2)->id, 5);
    assert_null(zw_deliveries_at(list, 3));
    assert_string_equal(zw_deliveries_by_id(list, 1)->source, "bureau");
    assert_string_equal(zw_deliveries_by_id(list, 2)->digest, "d2");
    assert_int_equal(zw_deliveries_by_id(list, 5)->arrived_ms, 5000);
    assert_null(zw_deliveries_by_id(list, 3));
    assert_null(zw_deliveries_by_id(list, 0));
    assert_null(zw_deliveries_by_id(list, 6));
    assert_int_equal(last_of(list, "bureau"), 5);
    assert_int_equal(last_of(list, "ministry"), 2);
    assert_int_equal(last_of(list, "nobody"), 0);
    assert_int_equal(last_of(list, "a.csv"), 0); /* a name is no source */
}

static void forgetting_brings_the_earlier_last_of_a_source_back(void **state)
{
    zw_deliveries *list = *state;
    static const char *const sources[] = {"a", "b", "a", "c", "a", "b"};
    for (int64_t id = 1; id <= 6; id++) {
        add(list, delivery(id, sources[id - 1], "d"));
    }
    static const struct {
        size_t count;
        int64_t a, b, c;
    } steps[] = {{6, 5, 6, 4}, {5, 5, 2, 4}, {3, 3, 2, 0}, {1, 1, 0, 0}, {0, 0, 0, 0}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        zw_deliveries_shrink(list, steps[i].count);
        assert_int_equal(zw_deliveries_count(list), steps[i].count);
        assert_int_equal(last_of(list, "a"), steps[i].a);
        assert_int_equal(last_of(list, "b"), steps[i].b);
        assert_int_equal(last_of(list, "c"), steps[i].c);
    }
    add(list, delivery(1, "c", "d"));
    assert_int_equal(last_of(list, "c"), 1);
}

static void what_is_given_out_stays_where_it_is(void **state)
{
    zw_deliveries *list = *state;
    add(list, delivery(1, "a", "first"));
    const zw_delivery *first = zw_deliveries_at(list, 0);
    for (int64_t id = 2; id < 200; id++) {
        add(list, delivery(id, "a", "another"));
    }
    assert_ptr_equal(first, zw_deliveries_by_id(list, 1));
    assert_string_equal(first->digest, "first");
}

static void counts_are_taken_over_alone(void **state)
{
    zw_deliveries *list = *state;
    add(list, delivery(1, "a", "d"));
    zw_delivery counted = {
        .id = 1, .accepted = 10, .unchanged = 4, .revised = 3, .rejected = 2, .arrived_ms = 9};
    zw_deliveries_set_counts(list, &counted);
    const zw_delivery *is = zw_deliveries_at(list, 0);
    assert_int_equal(is->accepted, 10);
    assert_int_equal(is->unchanged, 4);
    assert_int_equal(is->revised, 3);
    assert_int_equal(is->rejected, 2);
    assert_int_equal(is->arrived_ms, 1000);
    assert_string_equal(is->source, "a");
}

static void refused_memory_adds_nothing(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        zw_deliveries *list = NULL;
        failing_alloc_after(n);
        zw_status status = zw_deliveries_create(&list, NULL);
        int64_t id = 0;
        static const char *const sources[] = {"a", "b", "c", "d", "e"};
        while (status == ZW_OK && id < 40) {
            zw_delivery d = delivery(id + 1, sources[id % 5], "digest");
            status = zw_deliveries_add(list, &d, NULL);
            id += status == ZW_OK;
        }
        bool has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        if (list != NULL) {
            assert_int_equal(zw_deliveries_count(list), id);
            zw_delivery d = delivery(id + 1, "a", "digest");
            assert_int_equal(zw_deliveries_add(list, &d, NULL), ZW_OK);
            assert_int_equal(last_of(list, "a"), id + 1);
        }
        zw_deliveries_destroy(list);
        if (!has_refused) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(deliveries_are_found_by_order_number_and_source, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(forgetting_brings_the_earlier_last_of_a_source_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_given_out_stays_where_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(counts_are_taken_over_alone, setup, teardown),
        cmocka_unit_test(refused_memory_adds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
