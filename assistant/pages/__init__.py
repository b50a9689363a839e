"""The pages of the chat, run by Streamlit as scripts: drawing only."""
