//! Connections: accepted one by one, with limits on how many there are and how slow they may be.

use crate::routes::routes;
use crate::service::Service;
use crate::settings::Caps;
use crate::unread::Unread;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{watch, Semaphore};
use tokio::time::{interval, sleep, timeout};

/// Header lines at most.
const HEADERS: usize = 64;
/// Bytes of a head at most, and of what is read at once.
const HEAD_BYTES: usize = 64 * 1024;
/// How often results that were kept long enough are let go.
const SWEEP: Duration = Duration::from_secs(5);
/// After the service was asked to end, its jobs have so long to end with the best found so far.
const LAST_JOBS: Duration = Duration::from_secs(8);
/// Then answers have so long to be read.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Serves until it is asked to end.
pub async fn serve(listener: TcpListener, service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    let app = routes(&service);
    let places = Arc::new(Semaphore::new(service.caps.connections));
    let mut sweep = interval(SWEEP);
    loop {
        tokio::select! {
            () = asked(&mut stop) => break,
            _ = sweep.tick() => service.book.sweep(),
            accepted = next(&listener, &places) => {
                let (stream, place) = accepted;
                let ended = connection(stream, app.clone(), service.caps.clone(), stop.clone());
                tokio::spawn(async move {
                    ended.await;
                    drop(place);
                });
            }
        }
    }
    drop(listener);
    service.book.stop();
    let rest = async {
        while !service.book.is_at_rest() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = timeout(LAST_JOBS, rest).await;
    let all = u32::try_from(service.caps.connections).unwrap_or(u32::MAX);
    let _ = timeout(LAST_ANSWERS, places.acquire_many(all)).await;
}

/// Until the service is asked to end, or nobody is left to ask.
async fn asked(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, tokio::sync::OwnedSemaphorePermit) {
    let place = Arc::clone(places).acquire_owned().await.expect("it is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // A caller that has gone, or no file handles left: others may do better in a moment.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One connection, until it ends by itself or the service does.
async fn connection(stream: TcpStream, app: Router, caps: Caps, mut stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let stream = TokioIo::new(Unread::new(stream, caps.write_time));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(caps.head_time)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES);
    let connection = builder.serve_connection(stream, TowerToHyperService::new(app));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        () = asked(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
