/*
 * The plan: bytes that come from the runtime once, are checked whole before the first order is followed, and are then
 * only read. Whatever place, size or count an order names lies inside: nothing below this file has to doubt it.
 */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <string.h>

#define WORD sizeof(uint64_t)
#define LEAST_DATA (WORD + 1) /* place 0, which means "none", and the NUL at the end */

static const char *plan; /* sealed, read-only, mapped for the life of the process */

static const struct wire_plan *header(void) {
    return (const struct wire_plan *)(const void *)plan;
}

static const char *data(uint64_t at) {
    return plan + header()->data + at;
}

static uint64_t word(const char *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t data_size(void) {
    return header()->size - header()->data;
}

/* The last byte is NUL, so a string that begins inside ends inside. */
static bool is_text(uint64_t at) {
    return at < data_size();
}

static bool is_blob(uint64_t at) {
    return at < data_size() && data_size() - at >= WORD && word(data(at)) <= data_size() - at - WORD;
}

static bool is_list(uint64_t at) {
    if (at >= data_size() || data_size() - at < WORD || word(data(at)) > (data_size() - at - WORD) / WORD)
        return false;
    for (uint64_t i = 1; i <= word(data(at)); i++)
        if (!is_text(word(data(at) + WORD * i)))
            return false;
    return true;
}

static bool is_field(char kind, uint64_t value) {
    switch (kind) {
    case WIRE_KIND_TEXT:
        return value != 0 && is_text(value);
    case WIRE_KIND_OPTIONAL:
        return is_text(value);
    case WIRE_KIND_LIST:
        return is_list(value);
    case WIRE_KIND_BLOB:
        return is_blob(value);
    default:
        return kind == WIRE_KIND_NUMBER;
    }
}

/* Whether the order at `op` is one that this init knows, whole within `room` bytes. */
static bool is_order(const struct wire_op *op, uint64_t room) {
    static const char *const shapes[] = WIRE_SHAPES;
    if (room < sizeof *op || op->code >= sizeof shapes / sizeof *shapes)
        return false;
    const char *shape = shapes[op->code];
    size_t fields = strlen(shape);
    if (op->size != sizeof *op + WORD * fields || op->size > room)
        return false;
    for (size_t i = 0; i < fields; i++)
        if (!is_field(shape[i], word((const char *)op + sizeof *op + WORD * i)))
            return false;
    return true;
}

static bool is_plan(uint64_t size) {
    const struct wire_plan *h = header();
    if (size < sizeof *h + LEAST_DATA || h->magic != WIRE_MAGIC || h->version != WIRE_VERSION || h->size != size)
        return false;
    if (h->data < sizeof *h || h->data > size - LEAST_DATA || h->data % WORD != 0 || plan[size - 1] != '\0')
        return false;
    for (uint64_t at = sizeof *h; at < h->data;) {
        const struct wire_op *op = (const void *)(plan + at);
        if (!is_order(op, h->data - at))
            return false;
        at += op->size;
    }
    return true;
}

void take_plan(void) {
    size_t size;
    plan = memory_of(WIRE_SLOT_PLAN, &size);
    if (!is_plan(size))
        fail_as(EPROTO, "plan");
}

static const struct wire_op *order_at(const char *at) {
    return at == data(0) ? NULL : (const struct wire_op *)(const void *)at;
}

const struct wire_op *first_op(void) {
    return order_at(plan + sizeof(struct wire_plan));
}

/* NULL after the last one. */
const struct wire_op *next_op(const struct wire_op *op) {
    return order_at((const char *)op + op->size);
}

const char *text(wire_str s) {
    return s.at == 0 ? NULL : data(s.at);
}

uint64_t count(wire_list list) {
    return word(data(list.at));
}

const char *item(wire_list list, uint64_t index) {
    if (index >= count(list))
        fail_as(EPROTO, "item %llu of a list of %llu", (unsigned long long)index, (unsigned long long)count(list));
    return data(word(data(list.at) + WORD * (index + 1)));
}

/* Writes the pointers of a list, one more if it is not NULL, and the NULL at the end; returns the place after it. */
const char **put_strings(const char **at, wire_list list, const char *more) {
    for (uint64_t i = 0; i < count(list); i++)
        *at++ = item(list, i);
    if (more != NULL)
        *at++ = more;
    *at++ = NULL;
    return at;
}

const void *blob(wire_blob b, size_t *size) {
    *size = (size_t)word(data(b.at));
    return data(b.at) + WORD;
}

uint64_t number_at(wire_blob b, uint64_t index) {
    size_t size;
    const char *bytes = blob(b, &size);
    if (index >= size / WORD)
        fail_as(EPROTO, "number %llu of %zu", (unsigned long long)index, size / WORD);
    return word(bytes + WORD * index);
}
