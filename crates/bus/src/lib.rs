//! Events from the writers to the listeners of one node
