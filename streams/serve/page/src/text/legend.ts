/** What the words and colours of the page mean, for the help. */

export const LEGEND: readonly [string, string][] = [
  ["exhausted", "of capacity: the limit is reached"],
  ["imminent", "more likely than not reached within a day"],
  ["filling", "within a week"],
  ["ok", "none of these; a status is left below 30 %, so that it does not flap"],
  ["new", "less than a day of history: no status yet, the probabilities speak"],
  ["likely", "of failures: more likely than not within the rule's own time"],
  ["within a day", "more likely than not within a day"],
  ["expired", "it was not renewed in time: its series may have stopped reporting"],
  ["coloured cell", "probability within that span, in percent: the fuller, the likelier"],
  ["grey cell", "less than half a percent"],
  ["white cell", "only a frame: nothing is said of that span"],
  ["extrapolated", "further ahead than the history is long"],
  ["ok", "of a forecast: earlier ones held what they promised"],
  ["warming", "too few earlier forecasts were compared with what came"],
  ["unfit", "not worth acting on: no better than seasonal naive, or bands that did not hold"],
  ["stale", "nothing new for more than five steps"],
  ["skill", "share of seasonal naive's loss that a forecast saves; below 0 it is worse"],
  ["constant", "a series that leaves nothing to foresee"],
];
