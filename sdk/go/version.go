package larder

// Version is larder's own.
const Version = "0.1.0"
