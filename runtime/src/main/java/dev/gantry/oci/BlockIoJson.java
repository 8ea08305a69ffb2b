package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;

/** Reads and writes {@code linux.resources.blockIO}. */
final class BlockIoJson {
    private BlockIoJson() {}

    static BlockIo blockIo(JsonObject json) {
        return new BlockIo(
                json.uint16("weight"),
                json.uint16("leafWeight"),
                json.objects("weightDevice", BlockIoJson::weightDevice),
                json.objects("throttleReadBpsDevice", BlockIoJson::throttleDevice),
                json.objects("throttleWriteBpsDevice", BlockIoJson::throttleDevice),
                json.objects("throttleReadIOPSDevice", BlockIoJson::throttleDevice),
                json.objects("throttleWriteIOPSDevice", BlockIoJson::throttleDevice));
    }

    static ObjectNode node(BlockIo blockIo) {
        return new JsonObjectBuilder()
                .number("weight", blockIo.weight())
                .number("leafWeight", blockIo.leafWeight())
                .objects("weightDevice", blockIo.weightDevice(), BlockIoJson::node)
                .objects("throttleReadBpsDevice", blockIo.throttleReadBpsDevice(), BlockIoJson::node)
                .objects("throttleWriteBpsDevice", blockIo.throttleWriteBpsDevice(), BlockIoJson::node)
                .objects("throttleReadIOPSDevice", blockIo.throttleReadIOPSDevice(), BlockIoJson::node)
                .objects("throttleWriteIOPSDevice", blockIo.throttleWriteIOPSDevice(), BlockIoJson::node)
                .node();
    }

    private static WeightDevice weightDevice(JsonObject json) {
        return new WeightDevice(
                json.int64("major"), json.int64("minor"), json.uint16("weight"), json.uint16("leafWeight"));
    }

    private static ObjectNode node(WeightDevice device) {
        return new JsonObjectBuilder()
                .number("major", device.major())
                .number("minor", device.minor())
                .number("weight", device.weight())
                .number("leafWeight", device.leafWeight())
                .node();
    }

    private static ThrottleDevice throttleDevice(JsonObject json) {
        return new ThrottleDevice(json.int64("major"), json.int64("minor"), json.uint64("rate"));
    }

    private static ObjectNode node(ThrottleDevice device) {
        return new JsonObjectBuilder()
                .number("major", device.major())
                .number("minor", device.minor())
                .number("rate", device.rate())
                .node();
    }
}
