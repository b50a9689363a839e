"""What a user would build instead, in the peers' environment: each stack as its own documentation starts it.

Every splitter, batch and number of passages read is the default of its maker. All get the same articles,
headline and text, and all but one the assistant's own embedder.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from benchmarks.material import Material

if TYPE_CHECKING:
    from assistant.embedding import LocalEmbedder

Reader = Callable[[str, int | None], list[str]]  # a question and how many passages, None for the default
WARM = ("the weather", "a new school", "the price of bread", "trains", "a football match")


class Stack(Protocol):
    """A store in a folder."""

    def add(self, records: Sequence[dict[str, Any]]) -> int:
        """Splits, embeds and stores articles; gives the number of passages."""

    def reader(self) -> Reader:
        """The ids of the articles that are read for a question, one for each passage."""


class Vectors:
    """An embedder as LangChain wants it: the assistant's, or the one that Chroma brings."""

    def __init__(self, embed: Callable[[list[str], str], Any]) -> None:
        self._embed = embed

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        return [[float(number) for number in vector] for vector in self._embed(texts, "passage")]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [float(number) for number in self._embed([text], "query")[0]]


class LangChain:
    """RecursiveCharacterTextSplitter at 1,000 and 200 characters, langchain-chroma, its retriever."""

    def __init__(self, folder: Path, vectors: Vectors) -> None:
        from langchain_chroma import Chroma  # type: ignore[import-not-found]
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter  # type: ignore[import-not-found]

        self._vectors, self._folder, self._store, self._document = vectors, str(folder), Chroma, Document
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)

    def add(self, records: Sequence[dict[str, Any]]) -> int:
        """See `Stack.add`."""
        documents = [
            self._document(page_content=content(record), metadata=facts(record) | {"article": record["id"]})
            for record in records
        ]
        pieces = self._splitter.split_documents(documents)
        self._store.from_documents(pieces, self._vectors, persist_directory=self._folder)
        return len(pieces)

    def reader(self) -> Reader:
        """See `Stack.reader`."""
        store = self._store(persist_directory=self._folder, embedding_function=self._vectors)
        plain = store.as_retriever()

        def read(question: str, most: int | None) -> list[str]:
            retriever = store.as_retriever(search_kwargs={"k": most}) if most else plain
            return [found.metadata["article"] for found in retriever.invoke(question)]

        return read


class LlamaIndex:
    """VectorStoreIndex over ChromaVectorStore, with its own sentence splitter."""

    def __init__(self, folder: Path, vectors: Vectors) -> None:
        import chromadb
        from llama_index.core import (  # type: ignore[import-not-found]
            Document,
            StorageContext,
            VectorStoreIndex,
        )
        from llama_index.vector_stores.chroma import ChromaVectorStore  # type: ignore[import-not-found]

        client = chromadb.PersistentClient(path=str(folder))
        self._collection = client.get_or_create_collection("articles")
        self._store = ChromaVectorStore(chroma_collection=self._collection)
        self._document, self._index, self._context = Document, VectorStoreIndex, StorageContext
        self._model = _llama_embedding(vectors)

    def add(self, records: Sequence[dict[str, Any]]) -> int:
        """See `Stack.add`."""
        documents = [
            self._document(text=content(record), id_=record["id"], metadata=facts(record))
            for record in records
        ]
        context = self._context.from_defaults(vector_store=self._store)
        self._index.from_documents(documents, storage_context=context, embed_model=self._model)
        return int(self._collection.count())

    def reader(self) -> Reader:
        """See `Stack.reader`."""
        index = self._index.from_vector_store(self._store, embed_model=self._model)
        plain = index.as_retriever()

        def read(question: str, most: int | None) -> list[str]:
            retriever = index.as_retriever(similarity_top_k=most) if most else plain
            return [found.node.ref_doc_id for found in retriever.retrieve(question)]

        return read


def _llama_embedding(vectors: Vectors) -> Any:
    from llama_index.core.base.embeddings.base import BaseEmbedding  # type: ignore[import-not-found]

    class Embedding(BaseEmbedding):  # type: ignore[misc]
        def _get_text_embedding(self, text: str) -> list[float]:
            return vectors.embed_documents([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return vectors.embed_documents(texts)

        def _get_query_embedding(self, query: str) -> list[float]:
            return vectors.embed_query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return vectors.embed_query(query)

    return Embedding(model_name="the assistant's")


class Haystack:
    """DocumentSplitter, ChromaDocumentStore and its embedding retriever."""

    def __init__(self, folder: Path, vectors: Vectors) -> None:
        from haystack import Document  # type: ignore[import-not-found]
        from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found]
        from haystack_integrations.components.retrievers.chroma import (  # type: ignore[import-not-found]
            ChromaEmbeddingRetriever,
        )
        from haystack_integrations.document_stores.chroma import (  # type: ignore[import-not-found]
            ChromaDocumentStore,
        )

        self._vectors, self._document, self._splitter = vectors, Document, DocumentSplitter()
        self._store = ChromaDocumentStore(persist_path=str(folder))
        self._retriever = ChromaEmbeddingRetriever(document_store=self._store)
        if hasattr(self._splitter, "warm_up"):
            self._splitter.warm_up()

    def add(self, records: Sequence[dict[str, Any]]) -> int:
        """See `Stack.add`."""
        documents = [
            self._document(content=content(record), meta=facts(record) | {"article": record["id"]})
            for record in records
        ]
        pieces = self._splitter.run(documents=documents)["documents"]
        vectors = self._vectors.embed_documents([piece.content for piece in pieces])
        for piece, vector in zip(pieces, vectors, strict=True):
            piece.embedding = vector
        self._store.write_documents(pieces)
        return len(pieces)

    def reader(self) -> Reader:
        """See `Stack.reader`."""

        def read(question: str, most: int | None) -> list[str]:
            found = self._retriever.run(query_embedding=self._vectors.embed_query(question), top_k=most)
            return [document.meta["article"] for document in found["documents"]]

        return read


def content(record: dict[str, Any]) -> str:
    """What every stack is given of an article."""
    return f"{record['title']}\n\n{record['text']}"


def facts(record: dict[str, Any]) -> dict[str, str]:
    """What is known of an article beside its text; Chroma takes no None."""
    return {name: record[name] for name in ("outlet", "title", "date", "url") if record.get(name)}


def stack(name: str, folder: Path, threads: int) -> Stack:
    """The stack of that name, with its embedder warm and its libraries imported."""
    if name == "langchain_default":
        vectors = Vectors(_chromas_own())
    else:
        from assistant.embedding import LocalEmbedder

        vectors = Vectors(partial(_ours, LocalEmbedder(threads=threads)))
    for _ in range(3):
        vectors.embed_documents(["A short text.", "A text that is longer than the short one. " * 9])
    made: dict[str, Callable[[Path, Vectors], Stack]] = {
        "langchain": LangChain,
        "langchain_default": LangChain,
        "llamaindex": LlamaIndex,
        "haystack": Haystack,
    }
    return made[name](folder, vectors)


def _ours(embedder: LocalEmbedder, texts: list[str], kind: str) -> Any:
    return embedder.embed(texts, "query" if kind == "query" else "passage")


def _chromas_own() -> Callable[[list[str], str], Any]:
    from chromadb.utils.embedding_functions import DefaultEmbeddingFunction

    embed = DefaultEmbeddingFunction()
    return lambda texts, _: embed(texts)


def add(name: str, folder: str, events: str, threads: int) -> dict[str, Any]:
    """In a child: seconds from the file to the store, and how much was stored."""
    store = stack(name, Path(folder), threads)
    start = time.perf_counter()
    records = Material(Path(events), invented=False).records()
    passages = store.add(records)
    return {"seconds": time.perf_counter() - start, "articles": len(records), "passages": passages}


def ask(name: str, folder: str, events: str, threads: int, questions: list[str], most: int) -> dict[str, Any]:
    """In a child: seconds of each question, and the share of events of which every account is read."""
    read = stack(name, Path(folder), threads).reader()
    return answers(read, Material(Path(events), invented=False).queries(), questions, most)


def answers(
    read: Reader, queries: Sequence[dict[str, Any]], questions: Sequence[str], most: int
) -> dict[str, Any]:
    """Times `questions`; tells which share of `queries` is read whole, by default and with `most`."""
    for topic in WARM:
        read(f"What is known about {topic}?", None)
    seconds = []
    for question in questions:
        start = time.perf_counter()
        read(question, None)
        seconds.append(time.perf_counter() - start)

    def share(passages: int | None) -> float:
        whole = sum(
            {str(key) for key in item["gold"]} <= {*read(item["query"], passages)} for item in queries
        )
        return whole / len(queries)

    return {"seconds": seconds, "read": share(None), "most": share(most)}
