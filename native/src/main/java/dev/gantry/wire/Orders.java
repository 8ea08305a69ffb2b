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
    private Order last;

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
     * Appends an order, whose fields are then set, each once.
     *
     * @throws IllegalArgumentException if the order before lacks a field, or the plan outgrows 16 MiB
     */
    public Order add(Op op) {
        finishLast();
        last = new Order(op);
        return last;
    }

    private void finishLast() {
        if (last != null) {
            last.finish();
        }
    }

    /**
     * Returns the finished plan, its position at 0.
     *
     * @throws IllegalArgumentException if the last order lacks a field
     */
    public ByteBuffer toBytes() {
        finishLast();
        int dataAt = Wire.PLAN_HEADER_BYTES + orders.size();
        int size = dataAt + data.size() + 1; // the last byte is NUL, so that no string runs out of the plan
        ByteBuffer plan = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        plan.putInt(Wire.MAGIC).putInt(Wire.version()).putLong(size).putLong(dataAt);
        orders.copyTo(plan);
        data.copyTo(plan);
        return plan.put((byte) 0).flip();
    }

    /**
     * An order in the plan. Its fields have names, and each method takes what {@link Field.Kind} its field has.
     *
     * @throws IllegalArgumentException by each if the order has no such field, or has it set, or it is of another kind
     */
    public final class Order {
        private final Op op;
        private final List<Field> fields;
        private final int at;
        private int set; // a bit for each field
        private int next; // the field after the one that was set last

        private Order(Op op) {
            this.op = op;
            this.fields = op.fields();
            orders.int32(op.code());
            orders.int32(step);
            orders.int32(Wire.OP_HEADER_BYTES + 8 * fields.size());
            orders.int32(0);
            this.at = orders.size();
            for (int i = 0; i < fields.size(); i++) {
                orders.number(0);
            }
        }

        /** Sets a number. */
        public Order set(String name, long value) {
            return put(field(name, Field.Kind.NUMBER), value);
        }

        /** Sets a number that is 0 or 1. */
        public Order set(String name, boolean value) {
            return set(name, value ? 1 : 0);
        }

        /** Sets a text, without NUL; null is for one that is optional. */
        public Order set(String name, String value) {
            int index = field(name, Field.Kind.TEXT);
            if (value == null && fields.get(index).kind() == Field.Kind.TEXT) {
                throw new IllegalArgumentException("%s.%s cannot be `null`".formatted(op, name));
            }
            return put(index, value == null ? 0 : data.string(value));
        }

        /** Sets a list of texts. */
        public Order set(String name, List<String> values) {
            return put(field(name, Field.Kind.LIST), list(values));
        }

        /** Sets bytes to 64-bit numbers. */
        public Order setNumbers(String name, Collection<? extends Number> values) {
            return put(field(name, Field.Kind.BLOB), data.blob(words(values)));
        }

        private Order put(int index, long value) {
            set |= 1 << index;
            orders.number(at + 8 * index, value);
            return this;
        }

        private int field(String name, Field.Kind kind) {
            int index = next < fields.size() && fields.get(next).name().equals(name) ? next : index(name);
            Field.Kind own = fields.get(index).kind();
            if (own != kind && !(own == Field.Kind.OPTIONAL && kind == Field.Kind.TEXT)) {
                throw new IllegalArgumentException("%s.%s is no %s".formatted(op, name, kind));
            }
            if ((set & 1 << index) != 0) {
                throw new IllegalArgumentException("%s.%s is set already".formatted(op, name));
            }
            next = index + 1;
            return index;
        }

        private int index(String name) {
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).name().equals(name)) {
                    return i;
                }
            }
            throw new IllegalArgumentException("%s has no `%s`".formatted(op, name));
        }

        private void finish() {
            int missing = Integer.numberOfTrailingZeros(~set);
            if (missing < fields.size()) {
                throw new IllegalArgumentException(
                        "%s.%s is not set".formatted(op, fields.get(missing).name()));
            }
        }
    }

    private long list(List<String> strings) {
        long[] places = strings.stream().mapToLong(data::string).toArray();
        long at = data.align();
        data.number(places.length);
        for (long place : places) {
            data.number(place);
        }
        return at;
    }

    private static byte[] words(Collection<? extends Number> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.size()).order(ByteOrder.nativeOrder());
        numbers.forEach(number -> bytes.putLong(number.longValue()));
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

        void number(int at, long value) {
            bytes.putLong(at, value);
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
