"""Writes the encoder as an ONNX graph, node by node, so that no framework stands in between.

The int8 graph differs from what a quantisation tool makes in one point: an activation gets one scale
per token, not one per tensor. A tool's single scale is set by the largest value of the whole batch, so
one outlier (a first or last token, usually) coarsens every other token, and a vector depends on what
else is in its batch. With a scale per token neither happens.

Weights are int8 with one scale per output channel and stay within +-64. Processors with AVX2 and
without VNNI add two products into 16 bits: 2 * 255 * 64 = 32,640 fits, 2 * 255 * 127 does not and is
cut off in silence.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.e5_file import E5File

MICROSOFT = "com.microsoft"  # operators that onnxruntime brings: attention, fused norms
WEIGHT_LIMIT = 64
ZERO_POINT = 128

Precision = Literal["int8", "fp32"]


class Source(Protocol):
    """Where the weights come from: `E5File`, or the trained judge."""

    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float

    def floats(self, name: str) -> NDArray[np.float32]:
        """A vector or table, flat."""
        ...

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """A weight matrix of that many rows."""
        ...


class _Graph:
    """Collects nodes and constants; an operator's result is named after it."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any] | list[int] | float) -> str:
        if name not in self.constants:
            array = np.asarray(value, dtype=np.int64 if isinstance(value, list) else None)
            if array.dtype == np.float64:
                array = array.astype(np.float32)
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def add(self, kind: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        return self.many(kind, inputs, 1, domain, **attributes)[0]

    def many(
        self, kind: str, inputs: list[str], count: int, domain: str = "", **attributes: Any
    ) -> list[str]:
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names


class Encoder:
    """The layers of BERT over a (tokens of all texts, hidden) matrix."""

    def __init__(self, source: Source, precision: Precision) -> None:
        self.source, self.precision, self.graph = source, precision, _Graph()
        self.epsilon = float(source.epsilon)

    def linear(self, x: str, names: list[str], rows: int) -> tuple[str, str]:
        """x times the named matrices side by side; the bias is returned for the next operator to add."""
        matrix = np.concatenate([self.source.matrix(f"{name}.w", rows) for name in names]).T
        bias = np.concatenate([self.source.floats(f"{name}.b") for name in names])
        label = names[0] if len(names) == 1 else f"{names[0]}kv"
        if self.precision == "fp32":
            product = self.graph.add("MatMul", [x, self.graph.constant(f"{label}.w", matrix)])
        else:
            product = self._integer_product(x, matrix, label)
        return product, self.graph.constant(f"{label}.b", bias)

    def _integer_product(self, x: str, matrix: NDArray[np.float32], label: str) -> str:
        graph = self.graph
        scales = (np.abs(matrix).max(axis=0) / WEIGHT_LIMIT).astype(np.float32)
        weights = np.clip(np.rint(matrix / scales), -WEIGHT_LIMIT, WEIGHT_LIMIT).astype(np.int8)
        zero = graph.constant("zero_point", np.array(ZERO_POINT, np.uint8))
        largest = graph.add("ReduceMax", [graph.add("Abs", [x]), graph.constant("axis_1", [1])], keepdims=1)
        scale = graph.add("Mul", [largest, graph.constant("step", 1 / 127)])
        scale = graph.add("Max", [scale, graph.constant("smallest", 1e-9)])
        flat = graph.add("Squeeze", [scale, "axis_1"])
        zeros = graph.add("Expand", [zero, graph.add("Shape", [flat])])
        quantised = graph.add("QuantizeLinear", [x, flat, zeros], axis=0)
        inputs = [
            quantised,
            graph.constant(f"{label}.w", weights),
            graph.constant("scale_1", 1.0),
            graph.constant(f"{label}.scale", scales),
            zero,
        ]
        return graph.add("Mul", [graph.add("MatMulIntegerToFloat", inputs, MICROSOFT), scale])

    def norm(self, product: str, x: str, bias: str, name: str) -> str:
        """Layer norm of the sum of a product, its bias and the residual."""
        inputs = [product, x, *self.norm_weights(name), bias]
        return self.graph.add("SkipLayerNormalization", inputs, MICROSOFT, epsilon=self.epsilon)

    def norm_weights(self, name: str) -> list[str]:
        """Weight and bias of a layer norm."""
        names = (f"{name}.{part}" for part in "wb")
        return [self.graph.constant(part, self.source.floats(part)) for part in names]

    def embeddings(self) -> tuple[str, str]:
        """Tokens plus positions, normed, as (batch * tokens, hidden); and the shape (batch, tokens)."""
        graph, source, hidden = self.graph, self.source, self.source.hidden
        positions = source.floats("emb.pos").reshape(-1, hidden) + source.floats("emb.type")[:hidden]
        graph.constant("positions", positions)
        zero, one, two = (graph.constant(f"index_{i}", [i]) for i in range(3))
        shape = graph.add("Shape", ["inputs_embeds"])
        length = graph.add("Slice", [shape, one, two, zero])
        x = graph.add("Add", ["inputs_embeds", graph.add("Slice", ["positions", zero, length, zero])])
        inputs = [x, *self.norm_weights("emb.ln")]
        x = graph.add("LayerNormalization", inputs, epsilon=self.epsilon, axis=-1)
        return self.flatten(x), graph.add("Slice", [shape, zero, two, zero])

    def flatten(self, x: str) -> str:
        """As (batch * tokens, hidden)."""
        return self.graph.add("Reshape", [x, self.graph.constant("flat", [-1, self.source.hidden])])

    def attention(self, x: str, layer: str, shape: str) -> tuple[str, str]:
        """Attention over each text's own tokens; the bias is returned as by `linear`."""
        graph, hidden = self.graph, self.source.hidden
        joined, bias = self.linear(x, [f"{layer}.{part}" for part in "qkv"], hidden)
        wide = graph.add("Concat", [shape, graph.constant("three_hidden", [3 * hidden])], axis=0)
        thirds = graph.constant("thirds", [hidden] * 3)
        parts = graph.many("Split", [graph.add("Reshape", [joined, wide]), thirds], 3, axis=2)
        inputs = [*parts, bias, "mask"]
        context = graph.add("MultiHeadAttention", inputs, MICROSOFT, num_heads=self.source.heads)
        return self.linear(self.flatten(context), [f"{layer}.ao"], hidden)

    def layer(self, x: str, layer: str, shape: str) -> str:
        """One whole layer."""
        product, bias = self.attention(x, layer, shape)
        x = self.norm(product, x, bias, f"{layer}.aln")
        inner, bias = self.linear(x, [f"{layer}.fi"], self.source.inner)
        inner = self.graph.add("BiasGelu", [inner, bias], MICROSOFT)
        product, bias = self.linear(inner, [f"{layer}.fo"], self.source.hidden)
        return self.norm(product, x, bias, f"{layer}.oln")

    def mean(self, x: str, shape: str) -> tuple[str, list[str]]:
        """The layers' output as (batch, tokens, hidden), and what to divide by what for its mean over the
        tokens that the mask keeps."""
        graph = self.graph
        wide = graph.add("Concat", [shape, graph.constant("hidden", [self.source.hidden])], axis=0)
        kept = graph.add("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        kept = graph.add("Unsqueeze", [kept, graph.constant("axis_last", [-1])])
        back = graph.add("Reshape", [x, wide])
        masked = graph.add("Mul", [back, kept])
        return back, [graph.add("ReduceSum", [item, "index_1"], keepdims=0) for item in (masked, kept)]

    def model(self, name: str, output: str, columns: int) -> onnx.ModelProto:
        """The finished graph, with the one output (batch, columns)."""
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.graph.nodes,
            name,
            [
                value("inputs_embeds", TensorProto.FLOAT, ["batch", "tokens", self.source.hidden]),
                value("attention_mask", TensorProto.INT64, ["batch", "tokens"]),
            ],
            [value(output, TensorProto.FLOAT, ["batch", columns])],
            list(self.graph.constants.values()),
        )
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="news-assistant")


def encode(source: Source, precision: Precision) -> tuple[Encoder, str, list[str]]:
    """An encoder with all its layers written, and what `Encoder.mean` gives of their output."""
    encoder = Encoder(source, precision)
    encoder.graph.nodes.append(helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.INT32))
    x, shape = encoder.embeddings()
    for index in range(source.layers):
        x = encoder.layer(x, f"l{index}", shape)
    return encoder, *encoder.mean(x, shape)


def build(source: E5File, precision: Precision) -> onnx.ModelProto:
    """The encoder: inputs_embeds (batch, tokens, hidden) f32 and attention_mask (batch, tokens) i64.

    Output `sentence` (batch, hidden) f32 is the mean over the kept tokens, not yet of unit length.
    The word table stays outside: the caller looks the tokens up.
    """
    encoder, _, mean = encode(source, precision)
    encoder.graph.nodes.append(helper.make_node("Div", mean, ["sentence"]))
    return encoder.model("multilingual-e5-small", "sentence", source.hidden)
