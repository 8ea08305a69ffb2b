package dev.gantry.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;

/**
 * Writes a plan as bytes: the orders one after another, then the strings and lists they point to.
 *
 * <p>Not thread-safe; meant to be filled once and read once by {@link #toBytes()}.
 */
public final class Orders {
    /** The largest plan that is sent; the kernel's own limit for arguments and environment is 6 MiB. */
    static final int MOST_BYTES = 16 << 20;

    private final Area orders = new Area(4096);
    private final Area data = new Area(4096);
    private int step = Wire.NO_STEP;

    /** Starts an empty plan. */
    public Orders() {
        data.number(0); // place 0 means "none"
    }

    /** Makes all orders that follow report as step {@code index}. */
    public Orders step(int index) {
        this.step = index;
        return this;
    }

    /**
     * Appends an order.
     *
     * @param arguments one for each field: a {@code Number} or {@code Boolean}, a {@code String} or, where there may be
     *     none, null, a
     *     {@code List<String>}, a {@code Collection<? extends Number>} for a blob of 64-bit numbers, or a {@code byte[]}
     * @throws IllegalArgumentException if the arguments are not those of {@code op}, a string contains NUL, or the plan
     *     outgrows 16 MiB
     */
    public Orders add(Op op, Object... arguments) {
        List<Field> fields = op.fields();
        if (fields.size() != arguments.length) {
            throw new IllegalArgumentException(
                    "%s takes %d arguments, not %d".formatted(op, fields.size(), arguments.length));
        }
        orders.int32(op.code());
        orders.int32(step);
        orders.int32(Wire.OP_HEADER_BYTES + 8 * fields.size());
        orders.int32(0);
        for (int i = 0; i < arguments.length; i++) {
            orders.number(place(op, fields.get(i), arguments[i]));
        }
        return this;
    }

    /** Returns the finished plan, its position at 0. */
    public ByteBuffer toBytes() {
        int dataAt = Wire.PLAN_HEADER_BYTES + orders.size();
        int size = dataAt + data.size() + 1; // the last byte is NUL, so that no string runs out of the plan
        ByteBuffer plan = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        plan.putInt(Wire.MAGIC).putInt(Wire.version()).putLong(size).putLong(dataAt);
        orders.copyTo(plan);
        data.copyTo(plan);
        return plan.put((byte) 0).flip();
    }

    private long place(Op op, Field field, Object value) {
        switch (field.kind()) {
            case NUMBER:
                if (value instanceof Boolean flag) {
                    return flag ? 1 : 0;
                }
                if (value instanceof Number number) {
                    return number.longValue();
                }
                break;
            case OPTIONAL:
                if (value == null) {
                    return 0;
                }
                if (value instanceof String string) {
                    return data.string(string);
                }
                break;
            case TEXT:
                if (value instanceof String string) {
                    return data.string(string);
                }
                break;
            case LIST:
                if (value instanceof List<?> strings) {
                    return list(strings);
                }
                break;
            case BLOB:
                if (value instanceof byte[] bytes) {
                    return data.blob(bytes);
                }
                if (value instanceof Collection<?> numbers) {
                    return data.blob(words(numbers));
                }
                break;
        }
        throw new IllegalArgumentException("%s.%s cannot be `%s`".formatted(op, field.name(), value));
    }

    private long list(List<?> strings) {
        long[] places = strings.stream().mapToLong(s -> data.string((String) s)).toArray();
        long at = data.align();
        data.number(places.length);
        for (long place : places) {
            data.number(place);
        }
        return at;
    }

    private static byte[] words(Collection<?> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.size()).order(ByteOrder.nativeOrder());
        numbers.forEach(number -> bytes.putLong(((Number) number).longValue()));
        return bytes.array();
    }

    /** A growing run of bytes. */
    private static final class Area {
        private ByteBuffer bytes;

        Area(int initialBytes) {
            this.bytes = ByteBuffer.allocate(initialBytes).order(ByteOrder.nativeOrder());
        }

        int size() {
            return bytes.position();
        }

        void int32(int value) {
            room(4).putInt(value);
        }

        void number(long value) {
            room(8).putLong(value);
        }

        long string(String value) {
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a string must not contain NUL");
            }
            byte[] utf8 = RawText.encode(value);
            long at = size();
            room(utf8.length + 1).put(utf8).put((byte) 0);
            return at;
        }

        long blob(byte[] value) {
            long at = align();
            number(value.length);
            room(value.length).put(value);
            return at;
        }

        long align() {
            while (size() % 8 != 0) {
                room(1).put((byte) 0);
            }
            return size();
        }

        void copyTo(ByteBuffer target) {
            target.put(bytes.duplicate().flip());
        }

        private ByteBuffer room(int wanted) {
            if (bytes.remaining() < wanted) {
                int capacity = Math.max(bytes.capacity() * 2, bytes.position() + wanted);
                if (capacity > MOST_BYTES) {
                    throw new IllegalArgumentException("the launch plan outgrows 16 MiB");
                }
                bytes = ByteBuffer.allocate(capacity)
                        .order(ByteOrder.nativeOrder())
                        .put(bytes.flip());
            }
            return bytes;
        }
    }
}
