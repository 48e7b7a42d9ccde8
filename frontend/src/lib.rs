//! Placeholder.
use app as _;
