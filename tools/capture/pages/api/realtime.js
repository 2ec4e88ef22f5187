import { HubConnectionBuilder, HttpTransportType, LogLevel } from "@microsoft/signalr";
import { io } from "socket.io-client";
import SockJS from "sockjs-client";

const { words: w } = window;
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
window.act = async () => {
  const socket = io("https://live.example", { transports: ["polling"], upgrade: false, auth: { token: w.jwt }, query: { room: w.cities[0] } });
  socket.on("connect", () => {
    for (let i = 0; i < 3; i++) setTimeout(() => socket.emit("message", { room: w.cities[i], from: w.names[i], text: w.prose[i] }, () => {}), i * 120);
    setTimeout(() => socket.emit("typing", w.names[0]), 100);
    setTimeout(() => socket.emit("cursor", [12.5, 40, null]), 300);
  });
  const sock = new SockJS("https://live.example/echo", null, { transports: ["xhr-polling"], timeout: 2000 });
  sock.onopen = () => w.prose.slice(0, 3).forEach((text, i) => setTimeout(() => sock.send(i ? JSON.stringify({ text }) : `SEND\ndestination:/app/chat\ncontent-type:application/json\n\n${JSON.stringify({ text })}\u0000`), i * 100));
  const hub = new HubConnectionBuilder().withUrl("https://live.example/hubs/chat", { transport: HttpTransportType.LongPolling, accessTokenFactory: () => w.jwt }).configureLogging(LogLevel.None).build();
  hub.start().then(() => { for (let i = 0; i < 3; i++) hub.send("SendMessage", w.names[i], w.prose[i]); }).catch(() => {});
  const events = new EventSource(`https://live.example/events/prices?topics=${encodeURIComponent(w.skus.slice(0, 2).join(","))}&lastEventId=`);
  await wait(1500);
  socket.close(); sock.close(); events.close();
  hub.stop().catch(() => {});
};
