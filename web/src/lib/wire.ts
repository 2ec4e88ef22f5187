// Short names for the generated types.

import type { components } from "@/generated/schema";

type Schemas = components["schemas"];

export type Activity = Schemas["Activity"];
export type Alert = Schemas["Alert"];
export type Audit = Schemas["Audit"];
export type Channel = Schemas["Channel"];
export type CheckHistory = Schemas["CheckHistory"];
export type CheckStatus = Schemas["CheckStatus"];
export type Compliance = Schemas["Compliance"];
export type Delivery = Schemas["Delivery"];
export type Explanation = Schemas["Explanation"];
export type Field = Schemas["Field"];
export type HistoryPoint = Schemas["HistoryPoint"];
export type LiveMessage = Schemas["LiveMessage"];
export type CheckRequest = Schemas["CheckRequest"];
export type CheckResult = Schemas["CheckResult"];
export type MeasuredQuality = Schemas["MeasuredQuality"];
export type Metrics = Schemas["Metrics"];
export type ModelCard = Schemas["ModelCard"];
export type Me = Schemas["Me"];
export type NewToken = Schemas["NewToken"];
export type Performance = Schemas["Performance"];
export type PerformancePoint = Schemas["PerformancePoint"];
export type RequestsPoint = Schemas["RequestsPoint"];
export type ScoreHistogram = Schemas["ScoreHistogram"];
export type SecurityCheck = Schemas["SecurityCheck"];
export type Silence = Schemas["Silence"];
export type Source = Schemas["Source"];
export type SourceDraft = Schemas["SourceDraft"];
export type SourcePreview = Schemas["SourcePreview"];
export type Storage = Schemas["Storage"];
export type Summary = Schemas["Summary"];
export type SystemEvent = Schemas["SystemEvent"];
export type SystemInfo = Schemas["SystemInfo"];
export type Task = Schemas["Task"];
export type Threat = Schemas["Threat"];
export type ThreatDetail = Schemas["ThreatDetail"];
export type ThreatsPoint = Schemas["ThreatsPoint"];
export type Token = Schemas["Token"];
export type TopEntry = Schemas["TopEntry"];
export type Traffic = Schemas["Traffic"];
export type TrafficDetail = Schemas["TrafficDetail"];
export type User = Schemas["User"];
export type WhatIf = Schemas["WhatIf"];
