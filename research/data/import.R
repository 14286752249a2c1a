# Read this file's tables with R and nothing else: Rscript import.R says what is there; source() it to have `tables`.
# A choice is a factor with its words; where an answer has none it is NA.

read_book <- function(folder = ".") {
  utils::read.csv(file.path(folder, "codebook.csv"), colClasses = "character", na.strings = character(0),
                  encoding = "UTF-8", check.names = FALSE)
}

read_tables <- function(folder = ".") {
  book <- read_book(folder)
  found <- list()
  for (name in unique(book$table)) {
    path <- file.path(folder, "data", paste0(name, ".csv"))
    rows <- utils::read.csv(path, colClasses = "character", na.strings = character(0), encoding = "UTF-8",
                            check.names = FALSE)
    for (column in names(rows)) {
      about <- book[book$table == name & book$column == column, ]
      cells <- rows[[column]]
      cells[cells == ""] <- NA
      valued <- about[about$value != "", ]
      if (about$kind[1] == "integer" && nrow(valued) > 0) {
        chosen <- valued[as.integer(valued$value) >= 0, ]
        rows[[column]] <- factor(cells, levels = chosen$value, labels = make.unique(chosen[["value means"]]))
      } else if (about$kind[1] == "integer") {
        rows[[column]] <- as.integer(cells)
      } else {
        rows[[column]] <- cells
      }
    }
    found[[name]] <- rows
  }
  found
}

# Where this script lies, run or sourced from wherever.
beside <- function() {
  sourced <- unlist(lapply(sys.frames(), function(frame) frame$ofile))
  run <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  dirname(c(rev(sourced), run, "./")[1])
}

tables <- read_tables(beside())
for (name in names(tables)) {
  cat(name, ": ", nrow(tables[[name]]), " rows, ", ncol(tables[[name]]), " columns\n", sep = "")
}
