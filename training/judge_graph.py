"""The trained judge as an ONNX graph, by the same nodes as the embedder's (`e5_graph`).

Input as there; the output `logits` (batch, 3) f32 is in the order supports, refutes, neutral.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from training import e5_graph

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}


@dataclass(frozen=True)
class Trained:
    """A state dict of `judge_model.Judge` under the names that the graph asks for."""

    state: dict[str, NDArray[np.float32]]
    layers: int = 12
    hidden: int = 384
    heads: int = 12
    inner: int = 1536
    epsilon: float = 1e-12

    def floats(self, name: str) -> NDArray[np.float32]:
        """A bias, a norm's weight or a table, flat."""
        return np.ascontiguousarray(self.state[self._long(name)].reshape(-1), np.float32)

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """A weight matrix (rows, columns)."""
        found = self.state[self._long(name)]
        if len(found) != rows:
            raise ValueError(f"{name} has {len(found)} rows, {rows} are expected")
        return found

    def _long(self, name: str) -> str:
        if name in _EMBEDDINGS:
            return f"encoder.embeddings.{_EMBEDDINGS[name]}"
        layer, part, kind = name.split(".")
        return f"encoder.encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def build(trained: Trained, precision: e5_graph.Precision) -> onnx.ModelProto:
    """The cross-encoder with its head, which stays in floats: it is small and decides."""
    encoder, wide, mean = e5_graph.encode(trained, precision)
    graph, state = encoder.graph, trained.state
    first = graph.add("Gather", [wide, graph.constant("index_0", [0])], axis=1)
    first = graph.add("Squeeze", [first, graph.constant("axis_1", [1])])
    x = graph.add("Concat", [first, graph.add("Div", mean)], axis=-1)
    for name in ("dense", "out"):
        weight: Any = graph.constant(f"{name}.w", np.ascontiguousarray(state[f"{name}.weight"].T))
        x = graph.add(
            "Add", [graph.add("MatMul", [x, weight]), graph.constant(f"{name}.b", state[f"{name}.bias"])]
        )
        x = graph.add("Tanh", [x]) if name == "dense" else x
    graph.nodes.append(helper.make_node("Identity", [x], ["logits"]))
    return encoder.model("news-assistant-judge", "logits", 3)
