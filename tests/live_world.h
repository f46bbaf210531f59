/** What a reader of live samples reads into, as the state of a test. Include it after cmocka.h. */
#ifndef ZW_TESTS_LIVE_WORLD_H
#define ZW_TESTS_LIVE_WORLD_H

#include "live_listed.h"

struct fixture {
    zw_live live;
};

static inline int setup(void **state)
{
    static struct fixture f;
    f = (struct fixture){{NULL, NULL, 0, 0, {NULL, 0, 0}}};
    assert_int_equal(zw_live_keys_create(&f.live.keys, NULL), ZW_OK);
    *state = &f;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;
    zw_live_keys *keys = f->live.keys;
    zw_live_fini(&f->live);
    zw_live_keys_destroy(keys);
    return 0;
}

#endif
