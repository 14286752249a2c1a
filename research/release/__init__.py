"""What may leave a study: how well people are hidden in a file, and in a table of counts. Numbers in, numbers out: this
package knows no database, no page and no person."""
