/*
 * The order of alerts. From one alert everything under its expressions is walked once: a node that
 * asks leads to an alert, a function to whatever it holds. A guard is moved by deliveries alone, so
 * what it asks makes no order.
 */
#include "script/alert_order.h"

#include "script/function.h"
#include "script/handle.h"
#include "script/problem.h"

#include <string.h>

/* What lies under one alert. Bits by place. */
typedef struct under {
    lua_State *lua;
    const zw_pack *pack;
    bool *nodes, *asked; /* nodes that were met · alerts that are asked */
    bool *held;          /* alerts that the function looked at just now holds */
    bool is_new;         /* a node was met */
} under;

static void meet(under *u, zw_node_id node)
{
    if (node != ZW_NODE_NONE && !u->nodes[node]) {
        u->nodes[node] = u->is_new = true;
    }
}

static void meet_handle(void *arg, const zw_handle *handle)
{
    under *u = arg;
    if (zw_handle_is_expression(handle) || handle->is == ZW_HANDLE_WINDOW ||
        handle->is == ZW_HANDLE_PARTS || handle->is == ZW_HANDLE_ITEMS ||
        handle->is == ZW_HANDLE_VALUES) {
        meet(u, handle->node);
    } else if (handle->is == ZW_HANDLE_ALERT) {
        u->held[handle->index] = true;
    } else if (handle->is == ZW_HANDLE_RULE) {
        meet(u, u->pack->rules[handle->index].must);
    } else if (handle->is == ZW_HANDLE_TARGET) {
        const zw_target *target = &u->pack->targets[handle->index];
        meet(u, target->expr);
        meet(u, target->path == ZW_PATH_FUNCTION ? target->path_node : ZW_NODE_NONE);
    }
}

/* A false array, which goes when it is popped. [-0, +1, raises] */
static bool *push_bits(lua_State *lua, size_t count)
{
    bool *bits = lua_newuserdatauv(lua, count + 1, 0);
    memset(bits, 0, count + 1);
    return bits;
}

/* A function asks what it holds, and alerts that it holds when it writes `:firing` itself. */
static void meet_function(under *u, uint32_t number)
{
    size_t count = u->pack->alert_count;
    memset(u->held, 0, count);
    bool asks = zw_function_captures(u->lua, number, "firing", meet_handle, u);
    for (size_t a = 0; asks && a < count; a++) {
        u->asked[a] = u->asked[a] || u->held[a];
    }
}

static void look_at(under *u, const zw_node *node)
{
    for (unsigned slot = 0; node->op != ZW_OP_FIRING && slot < node->kid_count; slot++) {
        meet(u, node->kid[slot]);
    }
    bool is_of_target = node->op >= ZW_OP_VERDICT && node->op <= ZW_OP_TARGET_PROJECTED;
    if (node->op == ZW_OP_FIRING) {
        u->asked[node->ref] = true;
    } else if (node->op == ZW_OP_CALL) {
        meet_function(u, node->ref);
    } else if (is_of_target && u->pack->targets[node->ref].path == ZW_PATH_FUNCTION) {
        meet(u, u->pack->targets[node->ref].path_node);
    }
}

/* Looks at every node that was met, and at what they lead to. */
static void walk(under *u)
{
    zw_node_id count = (zw_node_id)u->pack->node_count;
    bool *seen = push_bits(u->lua, count);
    for (u->is_new = true; u->is_new;) {
        u->is_new = false;
        for (zw_node_id id = count; id-- > 0;) {
            if (u->nodes[id] && !seen[id]) {
                seen[id] = true;
                look_at(u, zw_pack_node(u->pack, id));
            }
        }
    }
    lua_pop(u->lua, 1);
}

/* Finds which alerts one asks. */
static void find_asked(under *u, const zw_alert *alert)
{
    u->nodes = push_bits(u->lua, u->pack->node_count);
    u->held = push_bits(u->lua, u->pack->alert_count);
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        meet(u, alert->when[s]);
    }
    meet(u, alert->clear);
    for (size_t i = 0; i < alert->with_count; i++) {
        meet(u, alert->with[i].node);
    }
    walk(u);
    lua_pop(u->lua, 2);
}

/* True when all that an alert asks have a rank under `rank`. */
static bool is_ready(const zw_pack *pack, const bool *asked, uint32_t rank)
{
    for (size_t b = 0; b < pack->alert_count; b++) {
        if (asked[b] && pack->alerts[b].rank >= rank) {
            return false;
        }
    }
    return true;
}

/* Ranks are given from 0 on, to those that ask lower ones only. @return false when some get none.
 */
static bool settle_ranks(zw_pack *pack, const bool *asks)
{
    size_t count = pack->alert_count;
    size_t left = count;
    for (size_t a = 0; a < count; a++) {
        pack->alerts[a].rank = UINT32_MAX;
    }
    for (uint32_t rank = 0; left > 0 && rank < count; rank++) {
        for (size_t a = 0; a < count; a++) {
            bool has_none = pack->alerts[a].rank == UINT32_MAX;
            if (has_none && is_ready(pack, &asks[a * count], rank)) {
                pack->alerts[a].rank = rank;
                left--;
            }
        }
    }
    return left == 0;
}

/* True when what alert `from` asks leads to alert `to`. `seen` is false for all. */
static bool leads_to(const bool *asks, size_t count, size_t from, size_t to, bool *seen)
{
    bool has_moved = true;
    seen[from] = true;
    for (; has_moved;) {
        has_moved = false;
        for (size_t a = 0; a < count; a++) {
            for (size_t b = 0; seen[a] && b < count; b++) {
                if (asks[a * count + b] && b == to) {
                    return true;
                }
                has_moved = has_moved || (asks[a * count + b] && !seen[b]);
                seen[b] = seen[b] || asks[a * count + b];
            }
        }
    }
    return false;
}

/* Tells the first circle there is. */
static void tell_circle(lua_State *lua, zw_pack *pack, const bool *asks)
{
    size_t count = pack->alert_count;
    bool *seen = push_bits(lua, count);
    bool is_told = false;
    for (size_t a = 0; a < count; a++) {
        const zw_title *title = &pack->alerts[a].title;
        for (size_t b = 0; !is_told && b < count; b++) {
            memset(seen, 0, count);
            is_told = asks[a * count + b] && (a == b || leads_to(asks, count, b, a, seen));
            if (is_told) {
                zw_problem_note(lua, title->where,
                                "alert \"%s\" asks whether alert \"%s\" fires, which depends on "
                                "\"%s\" again: a circle",
                                title->name, pack->alerts[b].title.name, title->name);
            }
        }
    }
    lua_pop(lua, 1);
    for (size_t a = 0; a < count; a++) {
        pack->alerts[a].rank = 0;
    }
}

static void note_alert(void *arg, const zw_handle *handle)
{
    bool *has_alert = arg;
    *has_alert = *has_alert || handle->is == ZW_HANDLE_ALERT;
}

/* True when any expression asks an alert, or a function may write one that does. */
static bool is_any_asked(lua_State *lua)
{
    const zw_script *script = zw_script_of(lua);
    bool is_asked = false;
    for (size_t a = 0; a < script->pack->alert_count; a++) {
        is_asked = is_asked || script->pack->alerts[a].is_asked;
    }
    for (uint32_t f = 0; !is_asked && f < script->function_count; f++) {
        bool has_alert = false;
        is_asked = zw_function_captures(lua, f, "firing", note_alert, &has_alert) && has_alert;
    }
    return is_asked;
}

void zw_alert_order_find(lua_State *lua)
{
    zw_pack *pack = zw_script_of(lua)->pack;
    size_t count = pack->alert_count;
    luaL_checkstack(lua, LUA_MINSTACK, NULL);
    if (!is_any_asked(lua)) {
        return;
    }
    bool *asks = push_bits(lua, count * count);
    for (size_t a = 0; a < count; a++) {
        zw_host_charge(lua, count + pack->node_count);
        if (!zw_alert_is_guard(&pack->alerts[a])) {
            under u = {.lua = lua, .pack = pack, .asked = &asks[a * count]};
            find_asked(&u, &pack->alerts[a]);
        }
    }
    if (!settle_ranks(pack, asks)) {
        tell_circle(lua, pack, asks);
    }
    lua_pop(lua, 1);
}
