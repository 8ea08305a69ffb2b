package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.BlockIo;
import dev.gantry.oci.ThrottleDevice;
import dev.gantry.oci.WeightDevice;

/** Reads and writes {@code linux.resources.blockIO}. */
final class BlockIoJson {
    private BlockIoJson() {}

    static final class BlockIoCodec implements JsonCodec<BlockIo> {
        @Override
        public BlockIo read(JsonObject json) {
            return new BlockIo(
                    json.uint16("weight"),
                    json.uint16("leafWeight"),
                    json.objects("weightDevice", new WeightDeviceCodec()),
                    json.objects("throttleReadBpsDevice", new ThrottleDeviceCodec()),
                    json.objects("throttleWriteBpsDevice", new ThrottleDeviceCodec()),
                    json.objects("throttleReadIOPSDevice", new ThrottleDeviceCodec()),
                    json.objects("throttleWriteIOPSDevice", new ThrottleDeviceCodec()));
        }

        @Override
        public ObjectNode write(BlockIo blockIo) {
            return new JsonObjectBuilder()
                    .number("weight", blockIo.weight())
                    .number("leafWeight", blockIo.leafWeight())
                    .objects("weightDevice", blockIo.weightDevice(), new WeightDeviceCodec())
                    .objects("throttleReadBpsDevice", blockIo.throttleReadBpsDevice(), new ThrottleDeviceCodec())
                    .objects("throttleWriteBpsDevice", blockIo.throttleWriteBpsDevice(), new ThrottleDeviceCodec())
                    .objects("throttleReadIOPSDevice", blockIo.throttleReadIOPSDevice(), new ThrottleDeviceCodec())
                    .objects("throttleWriteIOPSDevice", blockIo.throttleWriteIOPSDevice(), new ThrottleDeviceCodec())
                    .node();
        }
    }

    static final class WeightDeviceCodec implements JsonCodec<WeightDevice> {
        @Override
        public WeightDevice read(JsonObject json) {
            return new WeightDevice(
                    json.int64("major"), json.int64("minor"), json.uint16("weight"), json.uint16("leafWeight"));
        }

        @Override
        public ObjectNode write(WeightDevice device) {
            return new JsonObjectBuilder()
                    .number("major", device.major())
                    .number("minor", device.minor())
                    .number("weight", device.weight())
                    .number("leafWeight", device.leafWeight())
                    .node();
        }
    }

    static final class ThrottleDeviceCodec implements JsonCodec<ThrottleDevice> {
        @Override
        public ThrottleDevice read(JsonObject json) {
            return new ThrottleDevice(json.int64("major"), json.int64("minor"), json.uint64("rate"));
        }

        @Override
        public ObjectNode write(ThrottleDevice device) {
            return new JsonObjectBuilder()
                    .number("major", device.major())
                    .number("minor", device.minor())
                    .number("rate", device.rate())
                    .node();
        }
    }
}
