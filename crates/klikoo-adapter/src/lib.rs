//! Holds bus seats through Klikoo's B2B Open API: signing, token, wire types, outcomes.
