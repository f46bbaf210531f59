/* A tile as bytes: its pages come back, what they share is written once, damage is named. */
#include "store/tile.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "random_slab.h" /* it asserts, so cmocka comes before it */

static void pages_come_back(void **state)
{
    (void)state;
    static zw_tile_head head;
    static zw_tile_head read;
    for (uint32_t seed = 1; seed < 40; seed++) {
        uint32_t random = seed;
        uint32_t alike = seed;
        zw_slab pages[ZW_TILE_SERIES_MOST] = {{0}};
        const zw_slab *before = NULL;
        zw_buf body;
        zw_buf bytes;
        zw_buf_init(&body, 1 << 24);
        zw_buf_init(&bytes, 1 << 20);
        head = (zw_tile_head){.sealed_row = 77};
        for (uint32_t s = 0; s < ZW_TILE_SERIES_MOST; s++) {
            if (page_random(&random, 3) == 0) {
                uint32_t again = random; /* every second page is as the one before it */
                fill_page(&pages[s], s % 2 == 0 ? &random : &alike);
                alike = again;
                assert_true(zw_tile_add(&head, &body, s, &pages[s], before));
                before = &pages[s];
            }
        }
        zw_tile_write(&head, &bytes);
        assert_true(zw_tile_read(bytes.data, bytes.len, &read));
        assert_true(read.sealed_row == 77 && read.part_count == head.part_count);
        for (uint32_t s = 0; s < ZW_TILE_SERIES_MOST; s++) {
            const zw_tile_part *part = zw_tile_part_of(&read, s);
            assert_int_equal(part != NULL, pages[s].used > 0);
            if (part != NULL) {
                zw_slab back;
                assert_int_equal(zw_tile_take(&read, body.data, body.len, part, &back, NULL),
                                 ZW_OK);
                assert_same_page(&pages[s], &back);
                zw_slab_fini(&back);
            }
            zw_slab_fini(&pages[s]);
        }
        zw_buf_fini(&body);
        zw_buf_fini(&bytes);
    }
}

/* Live series: 64 of them, 500 samples each, delivered together. */
static void fill_live(zw_tile_head *head, zw_buf *body)
{
    uint32_t seed = 1;
    *head = (zw_tile_head){.sealed_row = 1};
    for (uint32_t s = 0; s < ZW_TILE_SERIES_MOST; s++) {
        zw_slab page = {0};
        int64_t at = 1000000;
        for (uint32_t cell = 0; cell < 500; cell++) {
            at += (int64_t)page_random(&seed, 10001) - 5000;
            zw_figure figure = {.value = (double)at / 1e4,
                                .known_at_ms = 1700000000000 + 10000 * (int64_t)cell + cell % 7,
                                .batch = 1 + cell * 2 / 5};
            zw_change change = ZW_CHANGE_NEW;
            assert_int_equal(zw_slab_put(&page, cell, &figure, &change, NULL), ZW_OK);
        }
        assert_true(zw_tile_add(head, body, s, &page, NULL));
        zw_slab_fini(&page);
    }
}

static void what_series_share_is_written_once(void **state)
{
    (void)state;
    static zw_tile_head head;
    zw_buf body;
    zw_buf bytes;
    zw_buf_init(&body, 1 << 24);
    zw_buf_init(&bytes, 1 << 20);
    fill_live(&head, &body);
    zw_tile_write(&head, &bytes);
    size_t samples = (size_t)ZW_TILE_SERIES_MOST * 500;
    if (body.len + bytes.len > samples * 1725 / 1000) {
        fail_msg("%zu bytes of body, %zu of head", body.len, bytes.len);
    }
    zw_buf_fini(&body);
    zw_buf_fini(&bytes);
}

static void a_changed_byte_is_seen_where_it_harms_and_only_there(void **state)
{
    (void)state;
    static zw_tile_head head;
    static zw_tile_head read;
    uint32_t seed = 9;
    zw_buf body;
    zw_buf bytes;
    zw_buf_init(&body, 1 << 24);
    zw_buf_init(&bytes, 1 << 20);
    fill_live(&head, &body);
    zw_tile_write(&head, &bytes);
    for (int round = 0; round < 300; round++) {
        size_t at = page_random(&seed, (uint32_t)body.len);
        body.data[at] = (char)(body.data[at] ^ (1 << page_random(&seed, 8)));
        size_t lost = 0;
        for (size_t i = 0; i < head.part_count; i++) {
            zw_slab page;
            const zw_tile_part *part = &head.parts[i];
            bool is_hit = false;
            for (size_t k = 0; k < ZW_STREAMS; k++) {
                const struct zw_tile_span *span =
                    part->streams[k] > 0 ? &head.spans[part->streams[k] - 1] : NULL;
                is_hit =
                    is_hit || (span != NULL && at >= span->offset && at < span->offset + span->len);
            }
            zw_status status = zw_tile_take(&head, body.data, body.len, part, &page, NULL);
            assert_int_equal(status, is_hit ? ZW_STORE : ZW_OK);
            lost += is_hit ? 1 : 0;
            zw_slab_fini(&page);
            if (round > 20 && i > 3) {
                break; /* enough of those that are whole */
            }
        }
        assert_true(round > 20 || lost == 1 || lost == ZW_TILE_SERIES_MOST);
        fill_live(&head, (zw_buf_clear(&body), &body));
        size_t byte = page_random(&seed, (uint32_t)bytes.len);
        bytes.data[byte] = (char)(bytes.data[byte] ^ 4);
        assert_false(zw_tile_read(bytes.data, bytes.len, &read));
        bytes.data[byte] = (char)(bytes.data[byte] ^ 4);
        assert_false(zw_tile_read(bytes.data, byte, &read));
        if (round == 40) {
            break;
        }
    }
    assert_false(zw_tile_read(NULL, 0, &read));
    zw_buf_fini(&body);
    zw_buf_fini(&bytes);
}

static void refused_memory_reads_an_empty_page(void **state)
{
    (void)state;
    static zw_tile_head head;
    uint32_t seed = 4;
    zw_slab page = {0};
    zw_buf body;
    zw_buf_init(&body, 1 << 24);
    head = (zw_tile_head){.sealed_row = 1};
    while (page.count == page.used || page.said == NULL) {
        zw_slab_fini(&page);
        fill_page(&page, &seed);
    }
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_buf_clear(&body);
        head.part_count = head.stream_count = 0;
        failing_alloc_after(n);
        bool is_added = zw_tile_add(&head, &body, 0, &page, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(is_added, !was_refused);
        if (was_refused) {
            zw_buf_fini(&body);
        }
    }
    was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_slab back;
        failing_alloc_after(n);
        zw_status status = zw_tile_take(&head, body.data, body.len, &head.parts[0], &back, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(back.used, was_refused ? 0 : page.used);
        zw_slab_fini(&back);
    }
    zw_slab_fini(&page);
    zw_buf_fini(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_come_back),
        cmocka_unit_test(what_series_share_is_written_once),
        cmocka_unit_test(a_changed_byte_is_seen_where_it_harms_and_only_there),
        cmocka_unit_test(refused_memory_reads_an_empty_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
