# Print tables of R's own data sets as a paper would: counts, percentages, means, ratios with Wald limits, p values.
lines <- NULL
say <- function(place, row, statistic, printed, level = "", group = "", method = "", whole = "") {
  lines <<- rbind(lines, data.frame(place = place, row = row, statistic = statistic, printed = printed, level = level,
    group = group, method = method, whole = whole))
}
number <- function(x, digits) formatC(x, digits = digits, format = "f")
shown <- function(p) if (p < 0.001) "<0.001" else number(p, 3)

ratios <- function(place, row, outcome, x) {
  counts <- table(x, outcome)
  levels <- levels(x)
  say(place, row, "reference", "1", level = levels[1], method = "logistic")
  fit <- glm(outcome ~ x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 50))
  rows <- summary(fit)$coefficients
  limits <- exp(suppressMessages(confint.default(fit)))
  for (level in levels[-1]) {
    if (min(counts[c(levels[1], level), ]) == 0) next
    name <- paste0("x", level)
    say(place, row, "odds_ratio", number(exp(rows[name, 1]), 3), level, method = "logistic")
    say(place, row, "low", number(limits[name, 1], 3), level, method = "logistic")
    say(place, row, "high", number(limits[name, 2], 3), level, method = "logistic")
    say(place, row, "p", shown(rows[name, 4]), level, method = "logistic")
  }
}

print_table <- function(place, data, outcome, factors, numbers, whole = c()) {
  is_case <- data[[outcome]] == 1
  groups <- list(cases = is_case, others = !is_case)
  for (group in names(groups)) say(place, "size", "size", as.character(sum(groups[[group]])), group = group)
  say(place, "size", "size", as.character(nrow(data)), group = "total")
  for (row in factors) {
    x <- factor(data[[row]])
    for (group in c("cases", "others", "total")) {
      inside <- x[if (group == "total") rep(TRUE, nrow(data)) else groups[[group]]]
      if (anyNA(inside)) say(place, row, "denominator", as.character(sum(!is.na(inside))), group = group)
      for (level in levels(x)) {
        count <- sum(inside == level, na.rm = TRUE)
        say(place, row, "n", as.character(count), level, group)
        if (group != "total" || !anyNA(inside)) say(place, row, "percent", number(100 * count / sum(!is.na(inside)), 1), level, group)
      }
    }
    counts <- table(x, is_case)
    is_small <- min(chisq.test(counts)$expected) < 5
    p <- if (is_small) fisher.test(counts, workspace = 2e7)$p.value else chisq.test(counts, correct = FALSE)$p.value
    say(place, row, "p", shown(p), method = if (is_small) "fisher" else "chi-square")
    ratios(place, row, is_case, x)
  }
  for (row in numbers) {
    x <- data[[row]]
    is_whole <- if (row %in% whole) "yes" else "no"
    for (group in c("cases", "others", "total")) {
      inside <- x[if (group == "total") rep(TRUE, nrow(data)) else groups[[group]]]
      inside <- inside[!is.na(inside)]
      say(place, row, "denominator", as.character(length(inside)), group = group)
      say(place, row, "mean", number(mean(inside), 2), group = group, whole = is_whole)
      say(place, row, "sd", number(sd(inside), 2), group = group)
    }
    student <- t.test(x[is_case], x[!is_case], var.equal = TRUE)$p.value
    welch <- t.test(x[is_case], x[!is_case])$p.value
    is_welch <- length(lines$row) %% 2 == 0
    say(place, row, "p", shown(if (is_welch) welch else student), method = if (is_welch) "welch" else "student")
  }
  done <- lines
  lines <<- NULL
  done$figure_id <- paste(place, seq_len(nrow(done)), sep = ".")
  done
}

suppressWarnings({
  spread <- function(frame, count) frame[rep(seq_len(nrow(frame)), frame[[count]]), ]
  ucb <- spread(as.data.frame(UCBAdmissions), "Freq")
  ucb$is_admitted <- as.integer(ucb$Admit == "Admitted")
  oesophagus <- rbind(transform(spread(esoph, "ncases"), is_case = 1), transform(spread(esoph, "ncontrols"), is_case = 0))
  for (name in c("agegp", "alcgp", "tobgp")) oesophagus[[name]] <- factor(oesophagus[[name]], ordered = FALSE)
  lung <- transform(survival::lung, is_dead = as.integer(status == 2), is_female = as.integer(sex == 2))
  titanic <- spread(as.data.frame(Titanic), "Freq")
  titanic$is_alive <- as.integer(titanic$Survived == "Yes")
  result <- list(
    infert = print_table("infert", infert, "case", c("education", "induced", "spontaneous"), c("age", "parity"), c("age", "parity")),
    esoph = print_table("esoph", oesophagus, "is_case", c("agegp", "alcgp", "tobgp"), c()),
    mtcars = print_table("mtcars", mtcars, "am", c("vs", "cyl", "gear"), c("mpg", "hp", "carb", "wt"), c("hp", "carb")),
    ucb = print_table("ucb", ucb, "is_admitted", c("Gender", "Dept"), c()),
    lung = print_table("lung", lung, "is_dead", c("is_female", "ph.ecog"), c("age", "wt.loss", "meal.cal"), c("age", "wt.loss", "meal.cal")),
    titanic = print_table("titanic", titanic, "is_alive", c("Class", "Sex", "Age"), c())
  )
})
