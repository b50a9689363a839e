"""The chat: `news-assistant chat`, or `streamlit run app.py`. Page settings and navigation, no more."""

import streamlit as st

from assistant import entrance, ui

# Drawn here, since the browser would fetch a Material icon for the tab from a font server.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="2" '
    'fill="#1f4e79"/><path d="M3 4h10M3 7h4M3 9.5h4M3 12h4M9 7h4v5H9z" stroke="#fff" fill="none"/></svg>'
)

# Before the navigation, which would else take the icon of the page for the tab.
st.set_page_config(
    page_title="News verification assistant",
    page_icon=ICON,
    menu_items={"About": "Shows who says what about a claim, in which words, and who is silent."},
)

admitted = entrance.admitted()
pages = [ui.page(name) for name in ui.PAGES]
page = st.navigation(pages, position="top" if admitted else "hidden")
# Said once: of two layouts in one run the browser keeps the first one. Columns of sources need the room.
st.set_page_config(layout="wide" if page.url_path == "compare" else "centered")
if admitted:
    entrance.warn()
    page.run()
