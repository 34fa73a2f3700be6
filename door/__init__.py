"""The front door: sign-in, sessions, the gate, headers, French for Streamlit's own texts."""
